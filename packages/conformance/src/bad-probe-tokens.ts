import { tokenOf } from "./force-token.ts";
import { PROBE_SECRET, probeTokenOf } from "./probe-token.ts";

/** A token that does not count, and why. */
export interface BadProbeToken {
  readonly what: string;
  readonly token: () => string;
}

/** Tokens that make an ordinary request. */
export const BAD_PROBE_TOKENS: readonly BadProbeToken[] = [
  { what: "an expired one", token: () => probeTokenOf({ expiresIn: -1 }) },
  { what: "one too far ahead", token: () => probeTokenOf({ expiresIn: 90 }) },
  {
    what: "one of another secret",
    token: () => probeTokenOf({ secret: "another secret of over 32 characters" }),
  },
  { what: "one of an empty secret", token: () => probeTokenOf({ secret: "" }) },
  { what: "one of another purpose", token: () => probeTokenOf({ purpose: "edgezero-force" }) },
  { what: "a tester's token of the same secret", token: () => tokenOf({ secret: PROBE_SECRET }) },
  { what: "one of a changed bucket", token: () => probeTokenOf().replace(".7.", ".8.") },
  {
    what: "one of a changed expiry",
    token: () => probeTokenOf().replace(/^\d+/, (at) => String(Number(at) + 10)),
  },
  {
    what: "one of a changed nonce",
    token: () => probeTokenOf({ nonce: "A".repeat(22) }).replace(".A", ".B"),
  },
  { what: "one for no bucket", token: () => probeTokenOf({ bucket: 100 }) },
  { what: "malformed: nothing", token: () => "" },
  { what: "malformed: no token", token: () => "legacy" },
  { what: "malformed: no signature", token: () => probeTokenOf().replace(/[^.]*$/, "") },
  {
    what: "malformed: no base64url",
    token: () => probeTokenOf().replace(/[^.]*$/, "!".repeat(43)),
  },
  { what: "malformed: more after it", token: () => `${probeTokenOf()}x` },
  { what: "malformed: twice", token: () => `${probeTokenOf()}, ${probeTokenOf()}` },
  { what: "malformed: very long", token: () => `${probeTokenOf()}${"A".repeat(4000)}` },
];

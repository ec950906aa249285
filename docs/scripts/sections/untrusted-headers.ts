import type { Claim } from "@edgezero/gateway";
import { UNTRUSTED_BY_CLAIM } from "@edgezero/gateway";
import { code, table } from "../markdown.ts";

const OF: Readonly<Record<Claim, string>> = {
  client: "the client",
  host: "the host",
  scheme: "the scheme",
  path: "the path",
  several: "several of these",
};

/** The list that `UNTRUSTED_HEADERS=default` stands for. */
export function untrustedHeadersSection(): string {
  const claims = Object.keys(UNTRUSTED_BY_CLAIM) as Claim[];
  return table(
    ["claims", "headers"],
    claims.map((claim) => [OF[claim], UNTRUSTED_BY_CLAIM[claim].map(code).join(", ")]),
  );
}

import { tokenOf } from "./force-token.ts";

const ONE_WEEK_S = 7 * 24 * 3600;

/** Invalid tokens, by the reason. */
export const BAD_TOKENS: [string, () => string][] = [
  ["nothing", () => ""],
  ["no token", () => "edgezero"],
  ["an expired one", () => tokenOf({ expiresIn: -1 })],
  ["one that is good for longer than any may be", () => tokenOf({ expiresIn: ONE_WEEK_S + 60 })],
  ["one of another secret", () => tokenOf({ secret: "another secret of over 32 characters" })],
  [
    "one for another path than was signed",
    () => tokenOf({ path: "legacy" }).replace("legacy", "edgezero"),
  ],
  ["one for no path", () => tokenOf({ path: "elsewhere" })],
  [
    "one that is good for longer than was signed",
    () => tokenOf().replace(/\.\d+/, (at) => `.${Number(at.slice(1)) + 60}`),
  ],
  ["one without a signature", () => tokenOf().replace(/[^.]*$/, "")],
  ["one with more after it", () => `${tokenOf()}x`],
  ["one of an empty secret", () => tokenOf({ secret: "" })],
  ["one whose signature is no base64url", () => tokenOf().replace(/[^.]*$/, "!".repeat(43))],
  ["one in the other alphabet", () => tokenOf().replace(/[^.]*$/, `${"+/".repeat(21)}A=`)],
  ["one whose signature is longer", () => tokenOf().replace(/$/, "A".repeat(4000))],
  ["one that expires in too many digits", () => tokenOf().replace(/\.\d+/, `.${"9".repeat(4000)}`)],
];

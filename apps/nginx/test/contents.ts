import { createHash } from "node:crypto";

const KEYS = ["edgezero_enabled", "edgezero_rollout_pct"] as const;

/** Contents of a config file that a parser may read in its own way. */
export const CONTENTS: readonly (string | Uint8Array)[] = [
  "",
  " ",
  "{}",
  "[]",
  "null",
  '"x"',
  "7",
  "{} {}",
  "{},",
  '{"edgezero_enabled":"true"}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"50"}',
  '\ufeff{"edgezero_enabled":"true","edgezero_rollout_pct":"50"}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"50",}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"50"}x',
  "{'edgezero_enabled':'true'}",
  '{"edgezero_enabled":true,"edgezero_rollout_pct":"50"}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":50}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":null}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":["50"]}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":{"edgezero_rollout_pct":"50"}}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"5","edgezero_rollout_pct":"100"}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":5,"edgezero_rollout_pct":"100"}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"100","edgezero_rollout_pct":[]}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"100","x":1}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"100","x":1,"x":"1"}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"100","":"\\u0000"}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"100","__proto__":"x"}',
  '{"\\u0065dgezero_enabled":"tr\\u0075e","edgezero_rollout_pct":"\\u0031\\u00300"}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"\\ud83d\\ude42"}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"\\ud83d"}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"\\ude42\\ud83d"}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"\\ud83d\\u0041"}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"\\x41"}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"\\u12g4"}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"1\n"}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"\\n1\\t"}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"1\u00a0"}',
  '{"edgezero_enabled":"true","edgezero_rollout_pct":"\u007f1"}',
  ...[
    "NaN",
    "Infinity",
    "-",
    "01",
    "1.",
    ".1",
    "0x10",
    "1e",
    "+1",
    "-0",
    "1e5",
    "1.5E-3",
    "tru",
  ].map((value) => `{"edgezero_enabled":"true","edgezero_rollout_pct":${value}}`),
  `${"[".repeat(30_000)}${"]".repeat(30_000)}`,
  `{"edgezero_rollout_pct":${"[".repeat(30_000)}${"]".repeat(30_000)},"edgezero_enabled":"1"}`,
  `{"edgezero_enabled":"true","edgezero_rollout_pct":"100","x":"${"x".repeat(65_000)}"}`,
  `{"edgezero_enabled":"true","edgezero_rollout_pct":"100","x":"${"x".repeat(66_000)}"}`,
  `{"edgezero_enabled":"true","edgezero_rollout_pct":"100"}${" ".repeat(65_536)}`,
  ...[
    [0xff],
    [0xc0, 0xaf],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xe2, 0x82],
    [0xf0, 0x8f, 0xbf, 0xbf],
  ].map((bytes) => Buffer.concat([Buffer.from('{"x":"'), Buffer.from(bytes), Buffer.from('"}')])),
];

const FLAGS = ["true", "TRUE", " 1 ", "1", "true", "false", "0", "yes", "\u0085true", "\ufefftrue"];
const PCTS = [
  "0",
  "1",
  "50",
  "99",
  "100",
  "+7",
  "007",
  "101",
  "-1",
  "",
  "abc",
  "5 0",
  "\u2003100\u00a0",
];
const BARE = ["true", "50", "null", "[]", "{}", '{"a":[1,{"b":"}"}]}', "-1.5e+3", "[1,]", "tru"];
const SPACES = ["", " ", "\n", "\t\r\n ", "\u00a0", "\f"];
const CUTS = 8;

/** Contents that differ in values, spaces, order, escapes, and in a byte that is lost, here and there. */
export function randomContents(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const dice = createHash("sha256").update(`content ${i}`).digest();
    let next = 0;
    const roll = (sides: number): number => (dice[next++ % dice.length] ?? 0) % sides;
    const pick = <T>(all: readonly T[]): T => all[roll(all.length)] as T;
    const space = (): string => (roll(12) === 0 ? pick(SPACES) : pick(SPACES.slice(0, 4)));
    const value = (texts: readonly string[]): string =>
      roll(8) === 0 ? pick(BARE) : escaped(pick(texts), roll(3) === 0);
    const members = [
      `${space()}${escaped(KEYS[0], roll(6) === 0)}${space()}:${space()}${value(FLAGS)}${space()}`,
      `${space()}"${KEYS[1]}"${space()}:${space()}${value(PCTS)}${space()}`,
    ];
    if (roll(5) === 0) members.push(`"${pick(["x", ...KEYS])}":${value(["y", "1", "true"])}`);
    if (roll(2) === 0) members.reverse();
    if (roll(10) === 0) members.pop();
    const bytes = Buffer.from(`${space()}{${members.join(",")}}${space()}`);
    if (roll(CUTS) !== 0) return bytes;
    const at = (roll(256) * 256 + roll(256)) % bytes.length;
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
  });
}

/** A JSON string; where `isSpelled`, with each character as an escape. */
function escaped(text: string, isSpelled: boolean): string {
  if (!isSpelled) return JSON.stringify(text);
  const codes = Array.from(text, (each) => each.charCodeAt(0).toString(16).padStart(4, "0"));
  return `"${codes.map((code) => `\\u${code}`).join("")}"`;
}

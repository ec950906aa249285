// The gateway and the command read one file alike: the command refuses it exactly where the gateway
// cannot read each key, and both see the same values otherwise.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "@edgezero/rollout";
import { messageOf } from "@edgezero/faults/faults";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "./operator.ts";
import { NO_LAST_VALUES } from "../last-values.ts";
import { openFileConfigStore } from "./reader.ts";

const KEYS = ["edgezero_enabled", "edgezero_rollout_pct"] as const;
const RUNS = 300;
const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Either the values of both keys, or why a key cannot be read. */
type Outcome =
  | { readonly values: readonly (string | null)[] }
  | { readonly faults: readonly string[] };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-agreement-"));
  path = join(folder, "rollout.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

function gatewayReads(): Outcome {
  const store = openFileConfigStore(path, {
    maxAgeMs: 600_000,
    last: NO_LAST_VALUES,
    logger: SILENT,
  });
  try {
    const read = KEYS.map((key) => {
      try {
        return { value: store.get(key) };
      } catch (error) {
        return { fault: messageOf(error) };
      }
    });
    const faults = read.flatMap(({ fault }) => (fault === undefined ? [] : [fault]));
    return faults.length > 0 ? { faults } : { values: read.map(({ value }) => value ?? null) };
  } finally {
    store.close();
  }
}

async function commandReads(): Promise<Outcome> {
  try {
    const values = await openStore(`file:${path}`).read();
    return { values: KEYS.map((key) => values[key]) };
  } catch (error) {
    return { faults: [messageOf(error)] };
  }
}

/** Reads as both, and gives what they agree on. */
async function agreed(): Promise<readonly (string | null)[] | "refused"> {
  const [gateway, command] = [gatewayReads(), await commandReads()].map((outcome) =>
    "values" in outcome ? outcome.values : "refused",
  );
  expect(command).toEqual(gateway);
  return gateway ?? "refused";
}

const MARKED = "f0reign-c0ntent";

test.each([
  {
    name: "both keys",
    content: '{"edgezero_enabled":"true","edgezero_rollout_pct":"10"}',
    read: ["true", "10"],
  },
  { name: "no key", content: "{}", read: [null, null] },
  { name: "white space around it", content: ' \n{"edgezero_enabled":""}\r\n', read: ["", null] },
  {
    name: "a key twice",
    content: '{"edgezero_enabled":"a","edgezero_enabled":"b"}',
    read: "refused",
  },
  {
    name: "another key twice, once escaped",
    content: '{"x":"a","\\u0078":"a"}',
    read: "refused",
  },
  { name: "a trailing comma", content: '{"edgezero_enabled":"true",}', read: "refused" },
  {
    name: "a comment that holds a key",
    content: '{/*"edgezero_enabled":"true"*/}',
    read: "refused",
  },
  { name: "an escaped key", content: '{"\\u0065dgezero_enabled":"true"}', read: ["true", null] },
  { name: "__proto__, a text", content: '{"__proto__":"x"}', read: [null, null] },
  {
    name: "__proto__, an object",
    content: '{"__proto__":{"edgezero_enabled":"true"}}',
    read: "refused",
  },
  {
    name: "constructor and toString",
    content: '{"constructor":"x","toString":"y"}',
    read: [null, null],
  },
  {
    name: "half a surrogate pair",
    content: '{"edgezero_enabled":"\\ud83d"}',
    read: ["\ud83d", null],
  },
  { name: "an empty file", content: "", read: "refused" },
  { name: "white space only", content: " \n", read: "refused" },
  { name: "a byte order mark", content: "\ufeff{}", read: "refused" },
  {
    name: "a byte order mark in a value",
    content: '{"edgezero_enabled":"\ufefftrue"}',
    read: ["\ufefftrue", null],
  },
  {
    name: "bytes that are not UTF-8",
    content: Buffer.from([...Buffer.from('{"edgezero_enabled":"'), 0xff, ...Buffer.from('"}')]),
    read: "refused",
  },
  { name: "UTF-16", content: Buffer.from("{}", "utf16le"), read: "refused" },
  { name: "a comment", content: "{} // none", read: "refused" },
  { name: "two documents", content: "{}{}", read: "refused" },
  { name: "a zero byte behind it", content: "{}\0", read: "refused" },
  { name: "an array", content: '["edgezero_enabled"]', read: "refused" },
  { name: "null", content: "null", read: "refused" },
  {
    name: "a number at a key of the rollout",
    content: '{"edgezero_rollout_pct":10}',
    read: "refused",
  },
  { name: "null at a key of the rollout", content: '{"edgezero_enabled":null}', read: "refused" },
  {
    name: "a number at another key",
    content: `{"edgezero_enabled":"true","${MARKED}":1}`,
    read: "refused",
  },
  {
    name: "deep nesting",
    content: `{"x":${"[".repeat(30_000)}${"]".repeat(30_000)}}`,
    read: "refused",
  },
  { name: "64 KiB", content: `{"x":"${"x".repeat(65_536 - 8)}"}`, read: [null, null] },
  { name: "a byte more", content: `{"x":"${"x".repeat(65_536 - 7)}"}`, read: "refused" },
  {
    name: "64 KiB of characters of two bytes",
    content: `{"x":"${"é".repeat(65_536 - 8)}"}`,
    read: "refused",
  },
])("$name", async ({ content, read }) => {
  writeFileSync(path, content);
  expect(await agreed()).toEqual(read);
});

test.each([
  { name: "a folder", make: () => mkdirSync(path), read: "refused" },
  { name: "a pipe", make: () => execFileSync("mkfifo", [path]), read: "refused" },
  { name: "nothing", make: () => {}, read: "refused" },
  { name: "a link that leads nowhere", make: () => symlinkSync("nowhere", path), read: "refused" },
  { name: "a link to itself", make: () => symlinkSync("rollout.json", path), read: "refused" },
  {
    name: "a link to a pipe",
    make: () => {
      execFileSync("mkfifo", [`${path}.pipe`]);
      symlinkSync(`${path}.pipe`, path);
    },
    read: "refused",
  },
  {
    name: "a link to a file",
    make: () => {
      writeFileSync(`${path}.1`, '{"edgezero_enabled":"true"}');
      symlinkSync("rollout.json.1", path);
    },
    read: ["true", null],
  },
])("in its place $name", async ({ make, read }) => {
  make();
  expect(await agreed()).toEqual(read);
});

test.each([
  {
    name: "a byte order mark",
    content: '\ufeff{"edgezero_enabled":"true"}',
    says: "it does not hold valid JSON: a byte order mark (line 1, column 1)",
  },
  {
    name: "a key twice",
    content: '{\n  "edgezero_enabled": "true",\n  "edgezero_enabled": "true"\n}\n',
    says: 'it does not hold each key once: the key "edgezero_enabled" again (line 3, column 3)',
  },
  {
    name: "a comment",
    content: '{\n  "edgezero_enabled": "true" // on\n}\n',
    says: "it does not hold valid JSON: a comment (line 2, column 30)",
  },
  {
    name: "a trailing comma",
    content: '{\r\n  "edgezero_enabled": "true",\r\n}\r\n',
    says: "it does not hold valid JSON: a trailing comma (line 2, column 29)",
  },
  {
    name: "no end",
    content: '{\n  "edgezero_enabled": "true"\n',
    says: "it does not hold valid JSON: it ends too early (line 3, column 1)",
  },
])("$name: gateway and command say alike what and where", async ({ content, says }) => {
  writeFileSync(path, content);
  for (const outcome of [gatewayReads(), await commandReads()]) {
    if (!("faults" in outcome)) throw new Error("it was read");
    for (const fault of outcome.faults) expect(fault).toContain(says);
  }
});

test.each([
  { name: "at a key", content: `{"edgezero_enabled":{"${MARKED}":"${MARKED}"}}` },
  { name: "in a broken document", content: `{"x":"${MARKED}` },
  { name: "as a value", content: `{"x":["${MARKED}"]}` },
  { name: "as the value of a key", content: `{"edgezero_enabled":["${MARKED}"]}` },
])("messages do not quote what stands $name", async ({ content }) => {
  writeFileSync(path, content);
  const outcomes = [gatewayReads(), await commandReads()];
  for (const outcome of outcomes) expect(outcome).toEqual({ faults: expect.anything() as unknown });
  expect(JSON.stringify(outcomes)).not.toContain(MARKED);
});

test("the name of another key is shown cut, and steers no terminal", async () => {
  writeFileSync(path, JSON.stringify({ [`\u202e\u001b[2J${"k".repeat(1000)}`]: 1 }));
  const outcomes = JSON.stringify([gatewayReads(), await commandReads()]);
  expect(outcomes.length).toBeLessThan(1000);
  expect(outcomes).not.toContain("\u202e");
});

const key = fc.oneof(
  fc.constantFrom<string>(...KEYS, "__proto__", "constructor", "other", ""),
  fc.string({ unit: "binary", maxLength: 4 }),
);
const value = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
  { weight: 2, arbitrary: fc.constantFrom("true", "false", "50", " 7 ") },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);
/** An object as text, in which a key may come twice. */
const document = fc.array(fc.tuple(key, value), { maxLength: 5 }).map((entries) => {
  const members = entries.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`);
  return Buffer.from(`{${members.join(",")}}`);
});
/** Bytes that are put in place of some others. */
const edits = fc.array(
  fc.record({
    at: fc.nat(200),
    removed: fc.nat(3),
    added: fc.oneof(
      fc.uint8Array({ maxLength: 3 }),
      fc
        .constantFrom('"', "{", "}", ",", ":", "\\", "\ufeff", "\\ud800", "null", "1e999")
        .map((text) => Uint8Array.from(Buffer.from(text))),
    ),
  }),
  { maxLength: 2 },
);

test.each([
  { name: "any bytes", bytes: fc.uint8Array({ maxLength: 200 }) },
  { name: "any JSON", bytes: fc.json().map((text) => Buffer.from(text)) },
  { name: "an object", bytes: document },
  {
    name: "an object with some bytes changed",
    bytes: fc.tuple(document, edits).map(([bytes, changes]) =>
      changes.reduce((edited: Buffer, { at, removed, added }) => {
        const from = at % (edited.length + 1);
        return Buffer.concat([edited.subarray(0, from), added, edited.subarray(from + removed)]);
      }, bytes),
    ),
  },
])("$name: both agree, and a write keeps what it does not change", async ({ bytes }) => {
  await fc.assert(
    fc.asyncProperty(bytes as fc.Arbitrary<Uint8Array>, async (content) => {
      writeFileSync(path, content);
      const read = await agreed();
      const writing = openStore(`file:${path}`).overwrite({ edgezero_rollout_pct: "0" }, "ann");
      const isWritten = await writing.then(
        () => true,
        () => false,
      );
      expect(isWritten).toBe(read !== "refused");
      const isAsItWas = readFileSync(path).equals(content);
      expect(isWritten || isAsItWas).toBe(true);
      expect(await agreed()).toEqual(isWritten ? [read[0], "0"] : "refused");
    }),
    { numRuns: RUNS },
  );
});

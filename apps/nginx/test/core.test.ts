import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger, RolloutState } from "@edgezero/rollout";
import {
  canonicalClientIp,
  clientBucket,
  decide,
  fnv1a32,
  parseEdgezeroFlag,
  parseRolloutPct,
  readRollout,
  REASONS,
} from "@edgezero/rollout";
import addresses from "@edgezero/rollout/vectors/addresses.json" with { type: "json" };
import reference from "@edgezero/rollout/vectors/reference.json" with { type: "json" };
import { openFileConfigStore } from "@edgezero/stores/file/reader";
import { NO_LAST_VALUES } from "@edgezero/stores/last-values";
import { describeWithProgram } from "@edgezero/testbed/describe-with-program";
import { nginxMissing } from "@edgezero/testbed/nginx/nginx";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesOf } from "./bytes-of.ts";
import { CONTENTS, randomContents } from "./contents.ts";
import type { Lua } from "./lua.ts";
import { startLua } from "./lua.ts";

const ignore = (): void => {};
const SILENT: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

let lua: Lua;
let folder: string;

describeWithProgram(nginxMissing ?? null, "the rollout in Lua", () => {
  beforeAll(async () => {
    lua = await startLua();
    folder = mkdtempSync(join(tmpdir(), "edgezero-contents-"));
  });
  afterAll(async () => {
    await lua.stop();
    rmSync(folder, { recursive: true });
  });

  describe("by the vectors of the Rust reference", () => {
    test("hashes", async () => {
      const keys = reference.bucket.map(({ key }) => key);
      expect(await lua.ask("hash", keys)).toEqual(reference.bucket.map((row) => row.fnv1a32));
    });

    test("percentages", async () => {
      const values = reference.pct.map(({ value }) => value);
      expect(await lua.ask("pct", values)).toEqual(reference.pct.map(({ pct }) => pct));
    });

    test("flags", async () => {
      const values = reference.flag.map(({ value }) => value);
      expect(await lua.ask("flag", values)).toEqual(reference.flag.map(({ enabled }) => enabled));
    });

    test("the bucket of every address", async () => {
      const bytes = addresses.map(({ text }) => bytesOf(text));
      expect(await lua.ask("bucket", bytes)).toEqual(addresses.map(({ bucket }) => bucket));
    });

    test("a client without an address is in bucket 61", async () => {
      expect(await lua.ask("bucket", ["", "unix:", "12345"])).toEqual([61, 61, 61]);
    });
  });

  describe("beside the core of the other gateways", () => {
    test("20,000 addresses have one key and one bucket", async () => {
      const all = randomAddresses(20_000);
      const texts = all.map(textOf);
      expect(await lua.ask("key", all)).toEqual(texts.map(keyOf));
      expect(await lua.ask("bucket", all)).toEqual(texts.map(clientBucket));
    });

    test("every reason has the facts that follow from it", async () => {
      const reasons = Object.keys(REASONS) as (keyof typeof REASONS)[];
      const facts = reasons.map((reason) => {
        const { meaning, path, isFault, wasRead, level } = REASONS[reason];
        return { meaning, both: path === "both", isFault, wasRead: wasRead === true, level };
      });
      expect(await lua.ask("reason", reasons)).toEqual(facts);
    });

    test("random texts have one hash", async () => {
      const texts = Array.from({ length: 500 }, (_, i) => "é🙂a\0".repeat(i % 7) + i);
      expect(await lua.ask("hash", texts)).toEqual(texts.map(fnv1a32));
    });

    test("flags and percentages with any character around them mean one thing", async () => {
      const around = Array.from({ length: 0x3100 }, (_, code) => String.fromCharCode(code));
      const flags = around.flatMap((space) => [`${space}true`, `1${space}`]);
      const pcts = around.flatMap((space) => [`${space}7`, `42${space}`]);
      expect(await lua.ask("flag", flags)).toEqual(flags.map(parseEdgezeroFlag));
      expect(await lua.ask("pct", pcts)).toEqual(pcts.map(parseRolloutPct));
    });

    // Each content is a file that is opened and watched, which takes its time on a busy machine.
    const longMs = 180_000;
    test(
      "contents of the config file give one state, and one path to each bucket",
      { timeout: longMs },
      async () => {
        const contents = [...CONTENTS, ...randomContents(3000)];
        const states: RolloutState[] = [];
        for (const content of contents) states.push(await stateOf(content));
        expect(await lua.ask("file", contents)).toEqual(states);
        expect(await lua.ask("path", contents)).toEqual(states.map(pathsOf));
        // The contents are of many kinds, or the test would prove nothing.
        expect(new Set(states.map(({ reason }) => reason)).size).toBe(9);
      },
    );
  });
});

/** The state that a Node gateway has with a file of this content. */
async function stateOf(content: string | Uint8Array): Promise<RolloutState> {
  const path = join(folder, "rollout.json");
  writeFileSync(path, content);
  const store = openFileConfigStore(path, { maxAgeMs: 1000, last: NO_LAST_VALUES, logger: SILENT });
  try {
    return await readRollout(store);
  } finally {
    store.close();
  }
}

/** The text that is hashed: an IPv4-mapped address counts as its IPv4 address. */
function keyOf(text: string): string | undefined {
  return canonicalClientIp(text)?.replace(/^::ffff:(?=\d+\.)/, "");
}

function pathsOf(state: RolloutState): string {
  const paths = Array.from({ length: 100 }, (_, bucket) => decide(state, null, bucket).path);
  return paths.map((path) => (path === "edgezero" ? "1" : "0")).join("");
}

/** Bytes of addresses that differ in their zeros most of all, since these decide the text. */
function randomAddresses(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const bytes = createHash("sha256").update(`address ${i}`).digest();
    if (i % 4 === 0) return bytes.subarray(0, 4);
    const address = bytes.subarray(0, 16);
    for (let group = 0; group < 8; group++) {
      if (((bytes[16] ?? 0) >> group) & 1) address.fill(0, 2 * group, 2 * group + 2);
    }
    if (i % 40 === 1) address.fill(0, 0, 10).fill(255, 10, 12);
    return address;
  });
}

/** A spelling of an address that is not the canonical one. */
function textOf(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, i) => {
    return ((bytes[2 * i] ?? 0) * 256 + (bytes[2 * i + 1] ?? 0)).toString(16).padStart(4, "0");
  });
  return groups.join(":").toUpperCase();
}

import { fileURLToPath } from "node:url";
import { findViceroy } from "@edgezero/fastly/viceroy";
import { startViceroy } from "@edgezero/testbed/fastly/viceroy";
import { expect, test } from "vitest";

const SNAPSHOT = fileURLToPath(new URL("../guests/snapshot.ts", import.meta.url));
/** A program of its own is built, which takes half a minute on a busy machine. */
const BUILD_TIMEOUT_MS = 180_000;

/** What a sandbox says of itself. Each request gets a sandbox of its own. */
interface Own {
  readonly uuid: string;
  readonly random: number;
  readonly now: number;
}

const viceroy = findViceroy();
if ("missing" in viceroy) console.log(`Skipped: the snapshot of Fastly. ${viceroy.missing}`);

test.skipIf("missing" in viceroy)(
  "sandboxes of a program that is warmed in the build share no nonce, no random number and no time",
  async () => {
    const server = await startViceroy({ source: SNAPSHOT, hasConfigStore: false });
    try {
      const builtBefore = Date.now();
      const all: Own[] = [];
      for (let i = 0; i < 5; i++) all.push((await (await fetch(server.url)).json()) as Own);
      expect(new Set(all.map(({ uuid }) => uuid)).size).toBe(5);
      expect(new Set(all.map(({ random }) => random)).size).toBe(5);
      for (const { now } of all) expect(now).toBeGreaterThanOrEqual(builtBefore);
    } finally {
      await server.stop();
    }
  },
  BUILD_TIMEOUT_MS,
);

import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { GatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { startGatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { send } from "@edgezero/testbed/http-client";
import { metricsUrl, scrape } from "@edgezero/testbed/metrics-page";

const STOPPED = { code: 0, signal: null };
const MODULE = new URL("../src/process/standard-output.ts", import.meta.url).href;
const APP = fileURLToPath(new URL("..", import.meta.url));

/**
 * Runs a script that has `openStandardOutput`.
 *
 * @param reader What reads its output, through a pipe: Node's own are sockets, which take a whole
 * line or none.
 */
function runScript(
  script: string,
  stdout: "pipe" | number,
  reader?: string,
): ReturnType<typeof spawn> {
  const source = `import { openStandardOutput } from ${JSON.stringify(MODULE)};\n${script}`;
  const args = [process.execPath, "--input-type=module", "--eval", source];
  const options = { cwd: APP, stdio: ["ignore", stdout, "pipe"] } as const;
  const command = reader === undefined ? `exec "$0" "$@"` : `"$0" "$@" | ${reader}`;
  return spawn("/bin/sh", ["-c", command, ...args], { ...options, stdio: [...options.stdio] });
}

async function dropped(gateway: GatewayProcess): Promise<number> {
  const samples = await scrape(metricsUrl(gateway));
  return samples.find(({ name }) => name === "edgezero_events_dropped_total")?.value ?? NaN;
}

describe("standard output that nobody reads", () => {
  test("costs events, which are counted, but no request, and the process still ends", async () => {
    const gateway = await startGatewayProcess({}, { EVENT_SAMPLE_RATE: "1" });
    gateway.child.stdout?.pause();
    while ((await dropped(gateway)) === 0) {
      const some = Array.from({ length: 50 }, async () => send(gateway.url));
      for (const { status } of await Promise.all(some)) expect(status).toBe(200);
    }
    // A line of the log has nobody who reads it either.
    gateway.writeConfig({ edgezero_enabled: "true", edgezero_rollout_pct: "100" });
    expect((await send(gateway.url)).path).toBe("edgezero");
    const exited = once(gateway.child, "exit");
    gateway.child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
    expect(gateway.stderr).toEqual([]);
    gateway.child.stdout?.resume();
    expect(await gateway.exit).toEqual(STOPPED);
  }, 120_000);
});

describe("lines of the log and of events", () => {
  test("never tear each other, however slowly they are read", async () => {
    const child = runScript(
      `const output = openStandardOutput();
       const event = JSON.stringify({ event: "e".repeat(400) }) + "\\n";
       const line = JSON.stringify({ line: "l".repeat(100) }) + "\\n";
       for (let i = 0; i < 1500; i++) {
         output.writeEvent(event);
         output.write(line);
         if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
       }
       await output.end();`,
      "pipe",
      "cat",
    );
    const lines = (await text(child.stdout as NodeJS.ReadableStream)).trimEnd().split("\n");
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(lines.length).toBe(3000);
  });

  test("are all written before the process ends", async () => {
    const child = runScript(
      `const output = openStandardOutput();
       for (let i = 0; i < 100; i++) output.writeEvent(i + "\\n");
       await output.end();
       process.exit();`,
      "pipe",
    );
    const numbers = Array.from({ length: 100 }, (_, i) => `${i}\n`);
    expect(await text(child.stdout as NodeJS.ReadableStream)).toBe(numbers.join(""));
  });
});

test.runIf(process.platform === "linux")("a full disk does not end the process", async () => {
  const full = openSync("/dev/full", "w");
  const child = runScript(
    `const output = openStandardOutput();
     for (let i = 0; i < 20; i++) {
       output.write("a line\\n");
       await new Promise((resolve) => setTimeout(resolve, 1));
     }
     await output.end();
     console.error("still there");
     process.exit();`,
    full,
  );
  const stderr = text(child.stderr as NodeJS.ReadableStream);
  const [code] = (await once(child, "close")) as [number];
  closeSync(full);
  expect([code, await stderr]).toEqual([0, "still there\n"]);
});

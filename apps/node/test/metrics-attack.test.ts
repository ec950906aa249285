import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { GatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { startGatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { send } from "@edgezero/testbed/http-client";
import type { Sample } from "@edgezero/testbed/metrics-page";
import { metricsUrl, scrape } from "@edgezero/testbed/metrics-page";

const SCRAPE = "GET /metrics HTTP/1.1\r\nhost: gateway\r\n\r\n";
/** Bytes that Node reads from a connection at once. */
const READ_AT_ONCE = 64 * 1024;
/** Far below what the pages for all of those requests would take. */
const MOST_GROWTH_MIB = 400;

let gateway: GatewayProcess;
let url: URL;
const sockets: Socket[] = [];

beforeAll(async () => {
  gateway = await startGatewayProcess({ edgezero_enabled: "true", edgezero_rollout_pct: "50" });
  url = new URL(metricsUrl(gateway));
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

afterAll(async () => gateway.stopCleanly());

/** Opens a connection to the endpoint that has sent something. */
function say(words: string, port = url.port): Socket {
  const socket = connect(Number(port), url.hostname).on("error", () => {});
  socket.write(words, "latin1");
  sockets.push(socket);
  return socket;
}

/** What comes back until the connection is closed. */
async function answerTo(words: string): Promise<string> {
  const socket = say(words);
  return text(socket).catch(() => "");
}

function total(samples: readonly Sample[], name = "edgezero_requests_total"): number {
  return samples
    .filter((sample) => sample.name === name)
    .reduce((sum, { value }) => sum + value, 0);
}

function usedMib(): number {
  const status = readFileSync(`/proc/${gateway.child.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

describe("the metrics endpoint is not what ends or slows a gateway", () => {
  test("200 scrapes at once, under traffic, are each whole and between the counts before and after", async () => {
    const before = total(await scrape(url.href));
    const requests = Array.from({ length: 100 }, async () => send(gateway.url));
    const scrapes = Array.from({ length: 200 }, async () => scrape(url.href));
    for (const samples of await Promise.all(scrapes)) {
      expect(total(samples)).toBeGreaterThanOrEqual(before);
      expect(total(samples)).toBeLessThanOrEqual(before + 100);
    }
    await Promise.all(requests);
    await expect.poll(async () => total(await scrape(url.href))).toBe(before + 100);
    const timed = total(await scrape(url.href), "edgezero_request_duration_seconds_count");
    expect(timed).toBe(before + 100);
  });

  test("many who scrape and read nothing cost little, and are put out", async () => {
    const before = usedMib();
    // As many as Node reads at once: it parses all of them before it stops to read.
    for (let i = 0; i < 600; i++) say(SCRAPE.repeat(READ_AT_ONCE / SCRAPE.length)).pause();
    for (let i = 0; i < 20; i++) expect((await send(gateway.url)).status).toBe(200);
    expect(usedMib() - before).toBeLessThan(MOST_GROWTH_MIB);
    await expect.poll(() => scrape(url.href).catch(() => []), { timeout: 25_000 }).not.toEqual([]);
  }, 60_000);

  test("many who connect and say nothing, or not all, are put out", async () => {
    const said = Array.from({ length: 300 }, (_, i) =>
      say(i % 2 === 0 ? "" : "GET /metrics HTTP/1.1\r\nx-half: ").resume(),
    );
    const open = (): number => said.filter(({ closed }) => !closed).length;
    // Beyond the limit at once, all others after their time. How many are within it depends on how
    // soon the gateway hears that the connections of the tests before are gone.
    await expect.poll(open, { timeout: 8000 }).toBeLessThanOrEqual(250);
    expect(open()).toBeGreaterThan(0);
    await expect.poll(open, { timeout: 25_000 }).toBe(0);
    expect(await scrape(url.href)).not.toEqual([]);
    expect((await send(gateway.url)).status).toBe(200);
  }, 60_000);

  test.each([
    ["no HTTP", "\x16\x03\x01\x02\x00\x01garbage\r\n\r\n", / 400 /],
    ["a header without end", `GET /metrics HTTP/1.1\r\nx: ${"x".repeat(20_000)}`, / 431 /],
    ["a target without end", `GET /${"x".repeat(20_000)}`, / 431 /],
    [
      "two lengths",
      `POST /metrics HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n`,
      / 400 /,
    ],
    ["an absolute target", "GET http://a/metrics HTTP/1.1\r\nhost: a\r\n\r\n", / 404 /],
    ["a target that is no URL", "GET //[/metrics HTTP/1.1\r\nhost: a\r\n\r\n", / 404 /],
    [
      "a WebSocket",
      `${SCRAPE.trimEnd()}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`,
      / 200 /,
    ],
    [
      "a body with a scrape",
      `${SCRAPE.trimEnd()}\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n`,
      / 200 /,
    ],
    ["HTTP/1.0", "GET /metrics HTTP/1.0\r\n\r\n", / 200 /],
    ["a tunnel", "CONNECT gateway:80 HTTP/1.1\r\nhost: a\r\n\r\n", /^$/],
  ])("%s", async (_, words, expected) => {
    expect((await answerTo(words)).split("\r\n")[0]).toMatch(expected);
    expect(await scrape(url.href)).not.toEqual([]);
  });

  test.each([
    ["whose answer nobody reads", SCRAPE.repeat(200)],
    ["that has only begun", "GET /metrics HTTP/1.1\r\nx: "],
  ])("a scrape %s does not hold up the end of the process", async (_, words) => {
    const other = await startGatewayProcess({});
    for (let i = 0; i < 100; i++) say(words, new URL(metricsUrl(other)).port).pause();
    expect((await send(other.url)).status).toBe(200);
    const startedAt = performance.now();
    await other.stopCleanly();
    // By itself the endpoint puts them out after 10 seconds.
    expect(performance.now() - startedAt).toBeLessThan(8000);
  });
});

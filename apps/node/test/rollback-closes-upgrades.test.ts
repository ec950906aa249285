import { createHash } from "node:crypto";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { open } from "@edgezero/testbed/http-client";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import type { Upstream } from "@edgezero/testbed/upstream";
import { startUpstream } from "@edgezero/testbed/upstream";
import { metricsUrl, scrape } from "@edgezero/testbed/metrics-page";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

const HANDSHAKE_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const SWITCHING = ["HTTP/1.1 101 Switching Protocols", "connection: Upgrade"];
const OFTEN = { interval: 5 };

let origin: Upstream;
let gateway: ProxiedGateway;
/** The origin's ends of the upgrades, in turn. */
let atOrigin: Duplex[] = [];
const sockets: WebSocket[] = [];

beforeAll(async () => {
  origin = await startUpstream();
  origin.server.on("upgrade", ({ headers }, socket) => {
    const { upgrade } = headers;
    const key = `${headers["sec-websocket-key"]}${HANDSHAKE_SUFFIX}`;
    const accept = createHash("sha1").update(key).digest("base64");
    const more = [`upgrade: ${upgrade}`, `sec-websocket-accept: ${accept}`, "", ""];
    socket.write([...SWITCHING, ...more].join("\r\n"));
    socket.on("error", () => socket.destroy()).on("end", () => socket.end());
    atOrigin.push(socket);
  });
  gateway = await startProxiedGateway(origin.url, origin.url, { ROLLBACK_CLOSES_UPGRADES: "true" });
});

beforeEach(() => {
  gateway.routeTo("edgezero");
  atOrigin = [];
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

afterAll(async () => {
  await gateway.stopCleanly();
  await origin.close();
});

async function openWebSocket({ url }: ProxiedGateway = gateway): Promise<WebSocket> {
  const socket = new WebSocket(url.replace(/^http/, "ws"));
  sockets.push(socket);
  await once(socket, "open");
  return socket;
}

/** The code with which a WebSocket is closed. */
async function closed(socket: WebSocket): Promise<number> {
  const [{ code }] = (await once(socket, "close")) as [CloseEvent];
  return code;
}

/** A short text as a server sends it. */
function textFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, Buffer.byteLength(text)]), Buffer.from(text)]);
}

async function openAt(path: string): Promise<number> {
  const samples = await scrape(metricsUrl(gateway));
  const found = samples.find(
    ({ name, labels }) => name === "edgezero_open_connections" && labels["path"] === path,
  );
  return found?.value ?? NaN;
}

describe("a rollback", () => {
  test.each([
    { what: "0 per cent", values: { edgezero_enabled: "true", edgezero_rollout_pct: "0" } },
    { what: "disabled", values: { edgezero_enabled: "false", edgezero_rollout_pct: "100" } },
    { what: "no values", values: {} },
  ])("to $what closes WebSockets at EdgeZero with 1001, soon", async ({ values }) => {
    const two = [await openWebSocket(), await openWebSocket()];
    expect(await openAt("edgezero")).toBe(2);
    const gone = atOrigin.map((socket) => once(socket.resume(), "close"));
    const codes = Promise.all(two.map(closed));
    const startedAt = performance.now();
    gateway.writeConfig(values);
    expect(await codes).toEqual([1001, 1001]);
    expect(performance.now() - startedAt).toBeLessThan(5000);
    await Promise.all(gone);
    await expect.poll(async () => openAt("edgezero"), OFTEN).toBe(0);
  });

  test("leaves what is open at legacy, and what is opened there later", async () => {
    gateway.routeTo("legacy");
    const before = await openWebSocket();
    gateway.routeTo("edgezero");
    const atEdgezero = await openWebSocket();
    gateway.routeTo("legacy");
    expect(await closed(atEdgezero)).toBe(1001);
    const after = await openWebSocket();
    gateway.routeTo("edgezero");
    const again = await openWebSocket();
    gateway.routeTo("legacy");
    expect(await closed(again)).toBe(1001);
    for (const [i, socket] of [before, after].entries()) {
      atOrigin[i * 2]?.write(textFrame("still here"));
      const [{ data }] = (await once(socket, "message")) as [MessageEvent];
      expect(data).toBe("still here");
    }
  });

  test("reaches an upgrade that EdgeZero agrees to only after it", async () => {
    const first = await openWebSocket();
    gateway.routeTo("legacy");
    expect(await closed(first)).toBe(1001);
    gateway.routeTo("edgezero");
    const second = await openWebSocket();
    gateway.routeTo("legacy");
    expect(await closed(second)).toBe(1001);
  });

  test("does not wait long for the end of a frame", async () => {
    const socket = await openWebSocket();
    atOrigin[0]?.write(textFrame("a message without its end").subarray(0, 5));
    const startedAt = performance.now();
    gateway.routeTo("legacy");
    expect(await closed(socket)).toBe(1006);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  test("ends an upgrade to another protocol without a word", async () => {
    const headers = { connection: "Upgrade", upgrade: "echo" };
    const request = open(gateway.url, { headers }).end();
    const [, socket] = (await once(request, "upgrade")) as [unknown, Duplex];
    let received = "";
    socket.on("data", (chunk: Buffer) => (received += chunk.toString()));
    atOrigin[0]?.write("some bytes");
    await expect.poll(() => received, OFTEN).toBe("some bytes");
    const gone = once(socket, "close");
    gateway.routeTo("legacy");
    await gone;
    expect(received).toBe("some bytes");
  });

  test("ends a client that takes nothing", async () => {
    const headers = { connection: "Upgrade", upgrade: "echo" };
    const request = open(gateway.url, { headers }).end();
    const [, socket] = (await once(request, "upgrade")) as [unknown, Duplex];
    socket.on("error", () => {});
    socket.pause();
    atOrigin[0]?.write(Buffer.alloc(32 * 1024 * 1024));
    gateway.routeTo("legacy");
    await expect.poll(async () => openAt("edgezero"), OFTEN).toBe(0);
    socket.destroy();
  });
});

test("without the setting, a rollback leaves all upgrades where they are", async () => {
  const lasting = await startProxiedGateway(origin.url, origin.url);
  const socket = await openWebSocket(lasting);
  lasting.routeTo("legacy");
  // By then the other gateway has looked, and closed what it has.
  const other = await openWebSocket();
  gateway.routeTo("legacy");
  expect(await closed(other)).toBe(1001);
  atOrigin[0]?.write(textFrame("still here"));
  const [{ data }] = (await once(socket, "message")) as [MessageEvent];
  expect(data).toBe("still here");
  const gone = once(socket, "close");
  atOrigin[0]?.destroy();
  await gone;
  await lasting.stopCleanly();
});

import type { Socket } from "node:net";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import type { RawUpstream } from "@edgezero/testbed/upstream";
import { startRawUpstream } from "@edgezero/testbed/upstream";

const REFUSAL = "HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\nConnection: close\r\n\r\ntoo large";

let raw: RawUpstream;
let gateway: ProxiedGateway;

beforeAll(async () => {
  raw = await startRawUpstream();
  gateway = await startProxiedGateway(raw.url, raw.url);
});

afterAll(async () => {
  await gateway.stopCleanly();
  await raw.close();
});

/** Uploads without a pause and gives the status line that comes back. */
async function upload(bytes: number, headers = ""): Promise<string> {
  const socket = connect(gateway.port, "127.0.0.1").on("error", () => {});
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes}\r\n${headers}\r\n`);
  const chunk = Buffer.alloc(64 * 1024);
  let left = bytes;
  function write(): void {
    while (left > 0 && socket.writable) {
      const part = chunk.subarray(0, Math.min(left, chunk.length));
      left -= part.length;
      if (!socket.write(part)) return;
    }
  }
  socket.on("drain", write);
  write();
  let heard = "";
  await new Promise<void>((resolve) => {
    socket.on("close", () => resolve());
    socket.on("data", (data: Buffer) => {
      heard += data.toString("latin1");
      if (heard.includes("too large")) resolve();
    });
  });
  socket.destroy();
  return heard.replace(/^HTTP\/1.1 100 Continue\r\n\r\n/, "").split("\r\n")[0] ?? "";
}

/** Ways in which an origin answers while the upload still comes, and closes. */
const CLOSES: Record<string, (socket: Socket) => void> = {
  "closes at once, unread bytes and all": (socket) => {
    socket.pause();
    socket.write(REFUSAL, () => socket.destroy());
  },
  "ends, then closes": (socket) => {
    socket.pause();
    socket.end(REFUSAL, () => setTimeout(() => socket.destroy(), 20));
  },
  resets: (socket) => {
    socket.pause();
    socket.write(REFUSAL, () => setImmediate(() => socket.resetAndDestroy()));
  },
};

describe.each(Object.keys(CLOSES))("an origin that answers early and %s", (name) => {
  test.each([
    { name: "0.5 MB", bytes: 500_000, headers: "" },
    { name: "5 MB", bytes: 5_000_000, headers: "" },
    { name: "30 MB", bytes: 30_000_000, headers: "" },
    { name: "5 MB with Expect", bytes: 5_000_000, headers: "Expect: 100-continue\r\n" },
  ])("its answer is passed on: $name", async ({ bytes, headers }) => {
    raw.handler = (socket) => void socket.once("data", () => CLOSES[name]?.(socket));
    const answers = new Set<string>();
    for (let i = 0; i < 12; i++) answers.add(await upload(bytes, headers));
    expect([...answers]).toEqual(["HTTP/1.1 413 Too Large"]);
  });
});

test("an answer of which nothing was sent is a 502", async () => {
  raw.handler = (socket) => void socket.once("data", () => socket.destroy());
  expect(await upload(500_000, "Connection: close\r\n")).toBe("HTTP/1.1 502 Bad Gateway");
});

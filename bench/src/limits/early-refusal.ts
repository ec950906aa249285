import { connect } from "node:net";
import { startRawUpstream } from "@edgezero/testbed/upstream";
import { startNodeGateway } from "../servers/node-gateway.ts";
import { median } from "../statistics.ts";

const REFUSAL = "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const CHUNK = Buffer.alloc(64 * 1024);

/** Uploads that their origin refuses at their first byte, and then closes. */
export interface EarlyRefusal {
  readonly megabytes: number;
  readonly uploads: number;
  /** How many of them got the origin's answer. */
  readonly refused: number;
  /** Milliseconds from the first byte to the answer: the median and the longest. */
  readonly p50: number;
  readonly worst: number;
  /** The most of an upload that was sent before the answer came, in megabytes. */
  readonly mostSent: number;
}

/** Uploads so many megabytes without a pause, again and again. */
export async function measureEarlyRefusal(
  megabytes: number,
  uploads: number,
): Promise<EarlyRefusal> {
  const origin = await startRawUpstream();
  origin.handler = (socket) => {
    socket.once("data", () => {
      socket.pause();
      socket.write(REFUSAL, () => socket.destroy());
    });
  };
  const gateway = await startNodeGateway({
    env: { LEGACY_ORIGIN: origin.url, EDGEZERO_ORIGIN: origin.url },
  });
  try {
    const outcomes: Outcome[] = [];
    for (let i = 0; i < uploads; i++) outcomes.push(await upload(gateway.url, megabytes * 2 ** 20));
    const times = outcomes.map(({ ms }) => ms);
    return {
      megabytes,
      uploads,
      refused: outcomes.filter(({ status }) => status === 413).length,
      p50: median(times),
      worst: Math.max(...times),
      mostSent: Math.max(...outcomes.map(({ sent }) => sent)) / 2 ** 20,
    };
  } finally {
    await gateway.stop();
    await origin.close();
  }
}

/** The answer to one upload. The status is 0 where the connection ended without an answer. */
interface Outcome {
  readonly status: number;
  readonly ms: number;
  /** Bytes that were sent by then. */
  readonly sent: number;
}

async function upload(url: string, bytes: number): Promise<Outcome> {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname).on("error", () => {});
  const startedAt = performance.now();
  socket.write(`POST / HTTP/1.1\r\nHost: bench\r\nContent-Length: ${bytes}\r\n\r\n`);
  let left = bytes;
  function write(): void {
    while (left > 0 && socket.writable) {
      const part = CHUNK.subarray(0, Math.min(left, CHUNK.length));
      left -= part.length;
      if (!socket.write(part)) return;
    }
  }
  socket.on("drain", write);
  write();
  return new Promise((resolve) => {
    const end = (status: number): void => {
      const sent = socket.bytesWritten;
      socket.destroy();
      resolve({ status, ms: performance.now() - startedAt, sent });
    };
    socket.once("data", (data) => end(Number(data.toString("latin1").split(" ")[1])));
    socket.once("close", () => end(0));
  });
}

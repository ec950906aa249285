import { once } from "node:events";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { usageOf } from "../load/usage.ts";
import { startNodeGateway } from "../servers/node-gateway.ts";

/** How long a gateway may take to put its memory in order, in milliseconds. */
const SETTLE_MS = 3000;
const REQUEST = "GET / HTTP/1.1\r\nHost: bench\r\n\r\n";
/** As many connections are opened at a time. */
const BATCH = 100;

/** The memory of connections that have each had one answer, and wait. */
export interface Idle {
  readonly connections: number;
  /** The resident set for each of them, in kilobytes. */
  readonly kilobytesEach: number;
}

/**
 * Opens so many connections to a gateway that has a fifth of them already, and leaves all of them idle:
 * the first ones make room that the others use too.
 */
export async function measureIdle(connections: number): Promise<Idle> {
  const gateway = await startNodeGateway();
  const port = Number(new URL(gateway.url).port);
  const sockets: Socket[] = [];
  try {
    sockets.push(...(await openAll(port, Math.ceil(connections / 5))));
    await wait(SETTLE_MS);
    const before = usageOf(gateway.pid).megabytes;
    sockets.push(...(await openAll(port, connections)));
    await wait(SETTLE_MS);
    const { megabytes } = usageOf(gateway.pid);
    return { connections, kilobytesEach: (1024 * (megabytes - before)) / connections };
  } finally {
    for (const socket of sockets) socket.destroy();
    await gateway.stop();
  }
}

/** Opens so many connections that have each had the start of an answer. */
export async function openAll(port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const batch = Array.from({ length: Math.min(BATCH, count - sockets.length) }, async () => {
      const socket = connect(port, "127.0.0.1");
      socket.write(REQUEST);
      await once(socket, "data");
      return socket;
    });
    sockets.push(...(await Promise.all(batch)));
  }
  return sockets;
}

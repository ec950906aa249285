import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";

/** The fate of one connection. */
export type Fault =
  /** The connection works. */
  | "pass"
  /** Accepted, and never answered; the request does not arrive. */
  | "hang"
  /** Cut by a reset before the request arrives. */
  | "reset"
  /** The request takes effect; a reset comes instead of the answer. */
  | "reset-after"
  /** The request takes effect; the answer ends in the middle of its body. */
  | "truncate"
  /** The request takes effect; the answer stops in the middle of its body, and stays open. */
  | "stall"
  /** Answered by the proxy; the request does not arrive. */
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

/** A TCP proxy in front of a server that answers one request a connection. */
export interface FaultProxy {
  readonly url: string;
  /** The faults of the next connections, in turn. */
  readonly next: Fault[];
  /** The fault of connections once `next` is empty. */
  afterwards: Fault;
  /** The number of connections so far. */
  connections: number;
  close(): Promise<void>;
}

export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client);
    client.on("error", () => {});
    client.on("close", () => sockets.delete(client));
    proxy.connections++;
    suffer(client, proxy.next.shift() ?? proxy.afterwards, targetPort);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: [],
    afterwards: "pass",
    connections: 0,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
  return proxy;
}

function suffer(client: Socket, fault: Fault, targetPort: number): void {
  if (fault === "hang") {
    client.resume();
  } else if (fault === "reset") {
    client.once("data", () => client.resetAndDestroy());
  } else if (typeof fault === "object") {
    client.once("data", () => client.end(answerOf(fault)));
  } else {
    pass(client, fault, targetPort);
  }
}

function pass(
  client: Socket,
  fault: "pass" | "reset-after" | "truncate" | "stall",
  targetPort: number,
): void {
  const target = connect(targetPort, "127.0.0.1");
  target.on("error", () => client.destroy());
  client.on("close", () => target.destroy());
  client.pipe(target);
  if (fault === "pass") {
    target.pipe(client);
    return;
  }
  const chunks: Buffer[] = [];
  target.on("data", (chunk: Buffer) => chunks.push(chunk));
  target.on("end", () => {
    const answer = Buffer.concat(chunks);
    const bodyAt = answer.indexOf("\r\n\r\n") + 4;
    const half = answer.subarray(0, bodyAt + Math.floor((answer.length - bodyAt) / 2));
    if (fault === "reset-after") client.resetAndDestroy();
    else if (fault === "truncate") client.end(half);
    else client.write(half);
  });
}

function answerOf({ status, headers = {}, body = "" }: Exclude<Fault, string>): string {
  const lines = Object.entries({
    ...headers,
    "content-length": Buffer.byteLength(body),
    connection: "close",
  });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `HTTP/1.1 ${status} Injected\r\n${head}\r\n${body}`;
}

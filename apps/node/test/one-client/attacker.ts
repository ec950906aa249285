import type { Socket } from "node:net";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** How to attack a gateway on this machine, from which address. */
export interface Attack {
  readonly port: number;
  readonly address: string;
  readonly connections: number;
  /** How long the connections stay once all are open, in milliseconds. */
  readonly staysMs: number;
  readonly with:
    /** Requests that all get their answers, however long that takes. */
    | { readonly kind: "answered"; readonly requests: number }
    | { readonly kind: "pipelined"; readonly requests: number }
    | { readonly kind: "slow-uploads" }
    | { readonly kind: "unread-answers" };
}

/** What became of an attack. */
export interface Attacked {
  /** The most connections that the gateway had accepted at once. */
  readonly mostOpen: number;
}

const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const LAST_GET = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
const UPLOAD = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n";

process.on("message", (attack: Attack) => void run(attack));

async function run(attack: Attack): Promise<void> {
  const sockets = new Set<Socket>();
  const opened: Promise<void>[] = [];
  const closed: Promise<void>[] = [];
  let mostOpen = 0;
  for (let i = 0; i < attack.connections; i++) {
    const socket = connect({
      port: attack.port,
      host: "127.0.0.1",
      localAddress: attack.address,
    });
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    socket.on("connect", () => {
      sockets.add(socket);
      mostOpen = Math.max(mostOpen, sockets.size);
    });
    const closes = emits(socket, "close");
    closed.push(closes);
    opened.push(Promise.race([emits(socket, "connect"), closes]));
    begin(socket, attack);
    if (i % 10 === 9) await wait(10);
  }
  await Promise.all(attack.with.kind === "answered" ? closed : opened);
  const every = attack.with.kind === "slow-uploads" ? 500 : attack.staysMs;
  for (let stayed = 0; stayed < attack.staysMs; stayed += every) {
    await wait(every);
    if (attack.with.kind !== "slow-uploads") continue;
    for (const socket of sockets) socket.write("x");
  }
  for (const socket of sockets) socket.destroy();
  process.send?.({ mostOpen } satisfies Attacked);
}

function emits(socket: Socket, event: "connect" | "close"): Promise<void> {
  return new Promise((resolve) => socket.once(event, () => resolve()));
}

function begin(socket: Socket, { with: way }: Attack): void {
  switch (way.kind) {
    case "pipelined":
      socket.resume().write(GET.repeat(way.requests));
      return;
    case "answered":
      socket.resume().write(GET.repeat(way.requests - 1) + LAST_GET);
      return;
    case "slow-uploads":
      socket.resume().write(UPLOAD);
      return;
    case "unread-answers":
      socket.pause().write(GET);
  }
}

import { once } from "node:events";
import { createServer } from "node:net";

const LOWEST = 20_000;
const SPAN = 12_000;

/** The distance between two processes: more ports than one process needs. */
const PORTS_OF_A_PROCESS = 97;

/** Each process starts at its own place, so that concurrent processes take different ports. */
let next = (process.pid * PORTS_OF_A_PROCESS) % SPAN;

/**
 * A port on which nothing listens, for programs that cannot choose one themselves, and for servers
 * that go away and come back. It is below the ports that the system gives to outgoing connections
 * (from 32,768 on Linux), since such a connection could take it before the program does. A process
 * gets a port again only after it has had all others.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + next;
    next = (next + 1) % SPAN;
    if (await canListen(port)) return port;
  }
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}

import { once } from "node:events";
import { createServer } from "node:net";

const LOWEST = 20_000;
const SPAN = 12_000;

/** Far enough apart for the ports that the test files of one process each need. */
const PORTS_OF_A_PROCESS = 97;

/** Processes start at places of their own, so that those that run at once do not take the same port. */
let next = (process.pid * PORTS_OF_A_PROCESS) % SPAN;

/**
 * A port on which nothing listens, for programs that cannot choose one themselves, and for servers
 * that go away and come back. It is below those that the system gives to outgoing connections (from
 * 32,768 on Linux), since one of these may take a port before it is used. A process gets no port
 * twice, before it has had all.
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

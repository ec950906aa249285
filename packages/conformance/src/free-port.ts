import { once } from "node:events";
import { createServer } from "node:net";

const LOWEST = 20_000;
const HIGHEST = 32_000;

/**
 * A port on which nothing listens. Below those that the system gives to outgoing connections, so
 * that it stays free until it is used, and while an origin is down.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
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

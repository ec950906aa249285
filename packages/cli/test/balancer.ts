import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";

/** One port before several. */
export interface Balancer {
  readonly url: string;
  readonly close: () => void;
}

/** Deals connections to ports of this machine, in turn. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  let next = 0;
  const open = new Set<{ destroy(): void }>();
  const server = createServer((client) => {
    const behind = connect(ports[next++ % ports.length] ?? 0, "127.0.0.1");
    for (const socket of [client, behind]) {
      open.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        open.delete(socket);
        client.destroy();
        behind.destroy();
      });
    }
    client.pipe(behind).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

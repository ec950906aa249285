import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";
import type { RedisServer } from "@edgezero/testbed/redis/redis-server";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import { expect } from "vitest";

/** A Redis with a replica behind one address, as a service that fails over gives them. */
export interface SwitchedRedis {
  /** The address: of the primary, and after a failover of the replica. */
  readonly url: string;
  readonly primary: RedisServer;
  /** From now on the replica lacks what the primary takes. */
  cutReplica(): Promise<void>;
  /** The primary is killed, and the replica has its address from that moment on. */
  failOver(): Promise<void>;
  close(): Promise<void>;
}

export async function startSwitchedRedis(): Promise<SwitchedRedis> {
  const primary = await startRedis();
  const replica = await startRedis();
  const open = new Set<Socket>();
  let port = primary.port;
  const server = createServer((client) => {
    const behind = connect(port, "127.0.0.1");
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
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  // Without a pause before it, the first copy takes milliseconds.
  await primary.command("CONFIG", "SET", "repl-diskless-sync-delay", "0");
  await replica.command("REPLICAOF", "127.0.0.1", String(primary.port));
  await expect
    .poll(async () => String(await replica.command("INFO", "replication")), { timeout: 20_000 })
    .toContain("master_link_status:up");

  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    primary,
    async cutReplica() {
      await replica.command("REPLICAOF", "NO", "ONE");
    },
    async failOver() {
      await primary.kill();
      await replica.command("REPLICAOF", "NO", "ONE");
      port = replica.port;
      for (const socket of open) socket.destroy();
    },
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      await Promise.all([primary.close(), replica.close()]);
    },
  };
}

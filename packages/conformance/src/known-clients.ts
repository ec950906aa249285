import { fnv1aBucket } from "@edgezero/rollout";
import addresses from "@edgezero/rollout/vectors/addresses.json" with { type: "json" };
import type { KnownClient } from "./runtime.ts";

/** The addresses of the shared vectors, IPv4 and IPv6 in many spellings. */
export const VECTOR_CLIENTS: readonly KnownClient[] = addresses;

/** Whether this machine's own sockets can have that address. */
export function isLoopback(clientIp: string): boolean {
  return clientIp.startsWith("127.");
}

/** Clients with real sockets: those of the vectors, then more up to `count`. */
export function loopbackClients(count: number): KnownClient[] {
  const clients = VECTOR_CLIENTS.filter(({ text }) => isLoopback(text));
  for (let i = 0; clients.length < count; i++) {
    const text = `127.250.${i >> 8}.${i & 255}`;
    clients.push({ text, bucket: fnv1aBucket(text) });
  }
  return clients;
}

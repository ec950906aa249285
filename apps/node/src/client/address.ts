import type { IncomingMessage } from "node:http";
import { remembered } from "@edgezero/gateway";
import type { Logger } from "@edgezero/rollout";
import proxyAddr from "proxy-addr";
import { clientOf } from "./forwarded-for.ts";
import { createAddressWarnings } from "./warnings.ts";

/** Where the address of a request's client came from. */
export type AddressResult =
  /** The connection, which carries no `X-Forwarded-For`. */
  | "peer"
  /** A trusted proxy's `X-Forwarded-For`. */
  | "forwarded"
  /** The connection, whose peer sends `X-Forwarded-For` and is not trusted. */
  | "untrusted"
  /** Nowhere: a trusted proxy's entry is not an address. */
  | "invalid"
  /** Nowhere: the connection is gone. */
  | "gone";

/** How many requests there were of each result. */
export type AddressCounts = Record<AddressResult, number>;

/** Finds the address of a client, and tells which peers may say it. */
export interface ClientAddress {
  /**
   * The client's address, or `null` where there is not one. Call it once for each request: it counts.
   */
  readonly of: (incoming: IncomingMessage) => string | null;
  /** Tells whether the peer on the socket is a trusted proxy. */
  readonly isTrusted: (peer: string) => boolean;
  readonly counts: Readonly<AddressCounts>;
}

/**
 * Takes the client's address from the socket, unless the peer is a trusted proxy: then
 * `X-Forwarded-For` counts.
 *
 * @param trustedProxies Addresses, CIDR ranges, or `loopback`, `linklocal`, `uniquelocal`. When it is
 * empty, `X-Forwarded-For` does not count.
 * @param logger Hears of proxies that are not named, and of entries that are not addresses.
 */
export function createClientAddress(
  trustedProxies: readonly string[],
  logger: Logger,
): ClientAddress {
  const trust = trustedProxies.length === 0 ? () => false : proxyAddr.compile([...trustedProxies]);
  // To parse the address of a peer again costs more than the decision.
  const isTrusted = remembered((peer: string) => trust(peer, 0), MAX_PEERS);
  const isTrustedHop = remembered((address: string) => trust(address, 1), MAX_HOPS);
  const warnings = createAddressWarnings(logger);
  const counts: AddressCounts = { peer: 0, forwarded: 0, untrusted: 0, invalid: 0, gone: 0 };

  function counted<Address>(result: AddressResult, address: Address): Address {
    counts[result]++;
    return address;
  }

  return {
    of(incoming) {
      const peer = socketAddress(incoming);
      if (peer === null) return counted("gone", null);
      const chain = incoming.headers["x-forwarded-for"]?.toString();
      if (chain === undefined) return counted("peer", peer);
      if (!isTrusted(peer)) {
        warnings.ofUntrusted(peer, chain);
        return counted("untrusted", peer);
      }
      const end = clientOf(chain, isTrustedHop);
      if (end.kind === "empty") return counted("peer", peer);
      if (end.kind === "client") return counted("forwarded", end.address);
      warnings.ofInvalid(end.entry);
      return counted("invalid", null);
    },
    isTrusted,
    counts,
  };
}

/** How many peers are remembered. Behind a proxy there are few. */
const MAX_PEERS = 1000;
/** How many addresses of `X-Forwarded-For` are remembered, of at most 45 characters each. Most are clients. */
const MAX_HOPS = 20_000;

/** How a socket of both families shows an IPv4 peer. */
const MAPPED = "::ffff:";

/**
 * The peer's address on the socket: without the zone of a link-local address, and an IPv4 peer as IPv4
 * also where the socket is of both families. `null` when the connection is already gone.
 */
export function socketAddress(incoming: IncomingMessage): string | null {
  const address = incoming.socket.remoteAddress;
  if (address === undefined) return null;
  if (address.startsWith(MAPPED) && address.includes(".")) return address.slice(MAPPED.length);
  const zone = address.indexOf("%");
  return zone < 0 ? address : address.slice(0, zone);
}

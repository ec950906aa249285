import type { IncomingMessage } from "node:http";
import proxyAddr from "proxy-addr";

/** Finds the address of a client, and tells which peers may say it. */
export interface ClientAddress {
  /** The client's address, or `null` when the connection is already gone. */
  readonly of: (incoming: IncomingMessage) => string | null;
  /** Tells whether the peer on the socket is a trusted proxy. */
  readonly isTrusted: (peer: string) => boolean;
}

/**
 * Takes the client's address from the socket, unless the peer is a trusted proxy: then
 * `X-Forwarded-For` counts, read from its end, up to the first address that is not trusted.
 *
 * @param trustedProxies Addresses, CIDR ranges, or `loopback`, `linklocal`, `uniquelocal`. When it is
 * empty, `X-Forwarded-For` is not read.
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  if (trustedProxies.length === 0) return { of: socketAddress, isTrusted: () => false };
  const trust = proxyAddr.compile([...trustedProxies]);
  const trustPeer = remembered((peer) => trust(peer, 0));
  const trustHop = (address: string, hop: number): boolean =>
    hop === 0 ? trustPeer(address) : trust(address, hop);
  return {
    of(incoming) {
      return socketAddress(incoming) === null ? null : withoutZone(proxyAddr(incoming, trustHop));
    },
    isTrusted: trustPeer,
  };
}

/** How many peers are remembered. Behind a proxy there are few. */
const MAX_PEERS = 1000;

/** Remembers the answer for each peer: to parse its address again costs more than the decision. */
function remembered(isTrusted: (peer: string) => boolean): (peer: string) => boolean {
  const known = new Map<string, boolean>();
  return (peer) => {
    let trusted = known.get(peer);
    if (trusted === undefined) {
      if (known.size >= MAX_PEERS) known.clear();
      known.set(peer, (trusted = isTrusted(peer)));
    }
    return trusted;
  };
}

/** The peer's address on the socket, without the zone of a link-local address. */
export function socketAddress(incoming: IncomingMessage): string | null {
  const address = incoming.socket.remoteAddress;
  return address === undefined ? null : withoutZone(address);
}

function withoutZone(address: string): string {
  const zone = address.indexOf("%");
  return zone < 0 ? address : address.slice(0, zone);
}

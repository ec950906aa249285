import type { IncomingMessage } from "node:http";
import proxyAddr from "proxy-addr";

/** Says whose request it is, and whether the peer may say so. */
export interface ClientAddress {
  /** The client's address, or `null` when the connection is already gone. */
  readonly of: (incoming: IncomingMessage) => string | null;
  /** Whether the peer on the socket is a trusted proxy. */
  readonly isTrusted: (peer: string) => boolean;
}

/**
 * The client's address is the socket's, unless that is a trusted proxy: then `X-Forwarded-For`
 * counts, from its end, for as far as it passed through trusted proxies only.
 *
 * @param trustedProxies Addresses, CIDR ranges, or `loopback`, `linklocal`, `uniquelocal`; none:
 * `X-Forwarded-For` is not read at all.
 */
export function createClientAddress(trustedProxies: string[]): ClientAddress {
  if (trustedProxies.length === 0) return { of: socketAddress, isTrusted: () => false };
  const trust = proxyAddr.compile(trustedProxies);
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

/** Peers that are remembered. There are few where a proxy is in front. */
const MAX_PEERS = 1000;

/** Remembers what was said of a peer: to parse its address anew costs more than the whole decision. */
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

/** The peer's address on the socket, without the zone that a link-local one carries. */
export function socketAddress(incoming: IncomingMessage): string | null {
  const address = incoming.socket.remoteAddress;
  return address === undefined ? null : withoutZone(address);
}

function withoutZone(address: string): string {
  const zone = address.indexOf("%");
  return zone < 0 ? address : address.slice(0, zone);
}

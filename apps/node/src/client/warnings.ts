import { onceAMinute } from "@edgezero/gateway";
import type { Logger } from "@edgezero/rollout";
import { addressIn, shapeOf } from "./forwarded-for.ts";

/** Of how many peers the log may tell. A proxy is one of the first; many more are clients. */
const MOST_PEERS = 20;

/** The warnings that clients' addresses may be wrong. */
export interface AddressWarnings {
  /**
   * Warns once of each peer that sends `X-Forwarded-For` and is not trusted. One that names itself is
   * a client and no proxy: whether it is trusted makes no difference.
   */
  readonly ofUntrusted: (peer: string, chain: string) => void;
  /** Warns, once a minute, that a trusted proxy's entry is not an address. */
  readonly ofInvalid: (entry: string) => void;
}

/** Makes the warnings. They never show a client's address, only that of a peer. */
export function createAddressWarnings(
  logger: Logger,
  now: () => number = Date.now,
): AddressWarnings {
  const told = new Set<string>();
  return {
    ofUntrusted(peer, chain) {
      if (told.size >= MOST_PEERS || told.has(peer)) return;
      if (addressIn(chain.slice(chain.lastIndexOf(",") + 1)) === peer) return;
      told.add(peer);
      logger.warn(
        `requests from ${peer} carry X-Forwarded-For, but TRUST_PROXY does not name it: all its clients count as one`,
      );
    },
    ofInvalid: onceAMinute((requests, entry: string) => {
      logger.warn(
        "a trusted proxy's X-Forwarded-For has an entry that is not an address: these clients count as one",
        { shape: shapeOf(entry), requests },
      );
    }, now),
  };
}

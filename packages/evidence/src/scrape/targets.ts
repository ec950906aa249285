import { lookup } from "node:dns/promises";
import { isIP } from "node:net";

/** A gateway's metrics page. */
export interface Target {
  /** Names the gateway among the others. */
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Gives the gateways there are now. Rejects where a name has no address. */
export type FindTargets = (now: number) => Promise<readonly Target[]>;

/** Gives the addresses of a host's name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

const RESOLVE_MS = 60_000;

/** The gateways at fixed URLs. */
export function fixedTargets(urls: readonly URL[]): FindTargets {
  const targets = urls.map(({ href }) => ({ name: href, url: href, headers: {} }));
  return async () => targets;
}

/**
 * One gateway for each address of the URL's host. The name is resolved again each minute; where that
 * does not work, the addresses that were known stay.
 */
export function resolvedTargets(url: URL, resolve: Resolve = addressesOf): FindTargets {
  let known: readonly Target[] = [];
  let resolvedAt = -Infinity;
  return async (now) => {
    if (Math.abs(now - resolvedAt) < RESOLVE_MS) return known;
    try {
      const addresses = await resolve(url.hostname);
      known = [...new Set(addresses)].toSorted().map((address) => targetAt(url, address));
      resolvedAt = now;
    } catch (fault) {
      if (known.length === 0) throw fault;
    }
    return known;
  };
}

/** The `Host` stays the name, since a gateway may serve its page by it. */
function targetAt(url: URL, address: string): Target {
  const at = new URL(url);
  at.hostname = isIP(address) === 6 ? `[${address}]` : address;
  return { name: at.host, url: at.href, headers: { host: url.host } };
}

async function addressesOf(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

/** Ranges of a site's own network, which a receiver may be in where the config allows it. */
const PRIVATE: ReadonlySet<string> = new Set([
  "private",
  "loopback",
  "uniqueLocal",
  "carrierGradeNat",
]);

/** Thrown where a receiver's name leads to an address that nothing is sent to. */
export class AddressError extends Error {
  override readonly name = "AddressError";
}

/**
 * Whether a message may be sent to an address. Link-local addresses, where clouds keep their credentials,
 * are never allowed, nor are those that hide another address in them.
 */
export function isAllowed(address: string, allowPrivate: boolean): boolean {
  // An IPv4 address in IPv6 is judged as the IPv4 address that it leads to.
  const range = ipaddr.isValid(address) ? ipaddr.process(address).range() : "none";
  return range === "unicast" || (allowPrivate && PRIVATE.has(range));
}

/** Throws where a URL has an address, which is then not looked up, that is not allowed. */
export function checkHost(url: string, allowPrivate: boolean): void {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) checkAddress(host, allowPrivate);
}

function checkAddress(address: string, allowPrivate: boolean): void {
  if (isAllowed(address, allowPrivate)) return;
  const hint = allowPrivate ? "" : "; allowPrivate permits those of a private network";
  throw new AddressError(`${address} is not a public address${hint}`);
}

/** How a name is looked up, as tests replace it. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

const BY_SYSTEM: Resolve = async (host) => lookup(host, { all: true });

/**
 * Looks a name up for a connection. The connection goes to the address that was checked: a name that
 * leads elsewhere a moment later changes nothing. One forbidden address forbids the name.
 */
export function checkedLookup(allowPrivate: boolean, resolve: Resolve = BY_SYSTEM): LookupFunction {
  async function checked(host: string): Promise<[LookupAddress, ...LookupAddress[]]> {
    const [first, ...others] = await resolve(host);
    if (first === undefined) throw new AddressError(`${host} has no address`);
    for (const { address } of [first, ...others]) checkAddress(address, allowPrivate);
    return [first, ...others];
  }

  return (host, { all }, done) => {
    // What `done` throws is its own fault, and not the lookup's.
    void checked(host).then(
      (found) =>
        setImmediate(() => {
          if (all === true) done(null, found);
          else done(null, found[0].address, found[0].family);
        }),
      (error: unknown) => setImmediate(() => done(error as NodeJS.ErrnoException, "")),
    );
  };
}

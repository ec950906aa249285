import dns from "node:dns";
import { isIP } from "node:net";

/** Keeps a process offline for a while. */
export interface Offline {
  /** How many names were looked for, in vain. */
  readonly looked: () => number;
  readonly end: () => void;
}

/** Makes this process find no host by its name. */
export function goOffline(): Offline {
  const { lookup } = dns;
  let tried = 0;
  dns.lookup = ((name: string, ...rest: unknown[]) => {
    if (isIP(name)) return Reflect.apply(lookup, dns, [name, ...rest]);
    tried++;
    const done = rest.at(-1) as (error: Error) => void;
    const error = Object.assign(new Error(`${name}: this runs offline`), { code: "ENOTFOUND" });
    return process.nextTick(done, error);
  }) as unknown as typeof dns.lookup;
  return {
    looked: () => tried,
    end: () => {
      dns.lookup = lookup;
    },
  };
}

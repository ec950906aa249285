import dns from "node:dns";

/** Makes this process find no host but by address, and gives how many names it has looked for. */
export function refuseNames(): () => number {
  let tried = 0;
  dns.lookup = ((name: string, ...rest: unknown[]) => {
    tried++;
    const done = rest.at(-1) as (error: Error) => void;
    const error = Object.assign(new Error(`${name}: this runs offline`), { code: "ENOTFOUND" });
    process.nextTick(done, error);
  }) as unknown as typeof dns.lookup;
  return () => tried;
}

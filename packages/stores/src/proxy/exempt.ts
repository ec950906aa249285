import { BlockList, isIP } from "node:net";

/** Whether a host name or an address, without brackets, is this machine. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 0) return host === "localhost" || host.endsWith(".localhost");
  return isWithin(host, "127.0.0.0", 8) || isWithin(host, "::1", 128);
}

/**
 * Whether a list such as that of `NO_PROXY` names a host. Entries are parted by commas or spaces: `*`,
 * a name, which stands for its subdomains too, an address, or a range such as `10.0.0.0/8`. A port may
 * follow a name or an address. An entry of another form names no host.
 *
 * @param host In the form of a URL, without brackets.
 */
export function isExempt(list: string, host: string, port: string): boolean {
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== "" && names(entry, host, port));
}

function names(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  const range = /^\[?([^\]/]+)\]?\/(\d+)$/.exec(entry);
  if (range !== null) return isWithin(host, range[1] ?? "", Number(range[2]));
  const { name, entryPort } = parted(entry);
  if (entryPort !== undefined && entryPort !== port) return false;
  if (isIP(name) !== 0) return isWithin(host, name, isIP(name) === 4 ? 32 : 128);
  const domain = name.replace(/^\*?\./, "").replace(/\.$/, "");
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}

function parted(entry: string): { readonly name: string; readonly entryPort?: string | undefined } {
  if (isIP(entry) === 6) return { name: entry };
  const [, bracketed, plain, entryPort] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  return { name: bracketed ?? plain ?? "", entryPort };
}

function isWithin(host: string, network: string, bits: number): boolean {
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || bits > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(network, bits, type);
  return list.check(host, type);
}

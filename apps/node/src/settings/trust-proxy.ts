import { isIP } from "node:net";
import type { Setting } from "@edgezero/settings";
import { defineSetting, valueThat } from "@edgezero/settings";
import proxyAddr from "proxy-addr";

/** Names of ranges, as `proxy-addr` has them. */
const NAMED: ReadonlySet<string> = new Set(["loopback", "linklocal", "uniquelocal"]);

/** The most proxies that anybody would count. */
const LARGEST_HOP_COUNT = 255;

/** The proxies whose word on a client's address counts. */
export const TRUST_PROXY: Setting<string[], null> = defineSetting({
  name: "TRUST_PROXY",
  ...valueThat(
    (text) => isTrustList(toEntries(text)),
    toEntries,
    "a comma-separated list of IP addresses, CIDR ranges, loopback, linklocal or uniquelocal",
  ),
  hint: (text) => firstHint(toEntries(text)),
  default: null,
  meaning:
    "The proxies whose `X-Forwarded-For` counts: addresses, CIDR ranges, `loopback`, `linklocal`, `uniquelocal`. Behind a proxy that is not named, all clients are one, and the log warns of it; a client that is named chooses its own bucket.",
});

function toEntries(text: string): string[] {
  return text.split(",").map((entry) => entry.trim());
}

/** `proxy-addr` alone would take `1` for 0.0.0.1, and `010.0.0.0` for 8.0.0.0. */
function isTrustList(entries: string[]): boolean {
  try {
    proxyAddr.compile(entries);
    return entries.every((entry) => NAMED.has(entry) || isIP(addressOf(entry)) !== 0);
  } catch {
    return false;
  }
}

function firstHint(entries: string[]): string | null {
  for (const entry of entries) {
    const hint = hintFor(entry);
    if (hint !== null) return hint;
  }
  return null;
}

/** Says what may be meant by an entry of digits that is not an address; `null` for every other one. */
function hintFor(entry: string): string | null {
  const address = addressOf(entry);
  if (isIP(address) !== 0 || !/^\d+(?:\.\d+)*$/.test(address)) return null;
  const range = entry.slice(address.length);
  const parts = address.split(".");
  if (parts.length === 1 && range === "") {
    const number = Number(address);
    if (number <= LARGEST_HOP_COUNT) {
      return "a hop count is not supported, name the proxy's addresses";
    }
    return number < 2 ** 32 ? `write ${entry} as ${fourParts(number)}` : null;
  }
  const decimal = parts.map(Number);
  if (parts.length > 4 || decimal.some((part) => part > 255)) return null;
  return `write ${entry} in four parts without leading zeros, such as ${[...decimal, 0, 0, 0].slice(0, 4).join(".")}${range}`;
}

function fourParts(number: number): string {
  return [24, 16, 8, 0].map((bits) => (number >>> bits) & 255).join(".");
}

function addressOf(entry: string): string {
  return entry.split("/", 1)[0] ?? "";
}

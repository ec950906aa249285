import type { Setting } from "@edgezero/settings";
import { defineSetting, valueThat } from "@edgezero/settings";
import proxyAddr from "proxy-addr";

/** The proxies whose word on a client's address counts. */
export const TRUST_PROXY: Setting<string[], null> = defineSetting({
  name: "TRUST_PROXY",
  ...valueThat(
    (text) => isTrustList(toEntries(text)),
    toEntries,
    "a comma-separated list of IP addresses, CIDR ranges, loopback, linklocal or uniquelocal",
  ),
  default: null,
  meaning:
    "The proxies whose `X-Forwarded-For` counts: addresses, CIDR ranges, `loopback`, `linklocal`, `uniquelocal`. Behind a proxy that is not named, all clients are one; a client that is named chooses its own bucket.",
});

function toEntries(text: string): string[] {
  return text.split(",").map((entry) => entry.trim());
}

function isTrustList(entries: string[]): boolean {
  try {
    proxyAddr.compile(entries);
    return true;
  } catch {
    return false;
  }
}

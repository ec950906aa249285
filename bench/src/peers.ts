import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What people would use instead: a file of `bench/peers/src`, and the package that it is about. */
export const PEERS = {
  "unleash-client": "unleash-client",
  "flagd-core": "@openfeature/flagd-core",
  "openfeature-server-sdk": "@openfeature/server-sdk",
  "vercel-flags-core": "@vercel/flags-core",
  growthbook: "@growthbook/growthbook",
  "launchdarkly-node": "@launchdarkly/node-server-sdk",
  "launchdarkly-cloudflare": "@launchdarkly/cloudflare-server-sdk",
  "statsig-node": "statsig-node",
  "posthog-node": "posthog-node",
} as const;

export type PeerName = keyof typeof PEERS;

export const PEER_NAMES = Object.keys(PEERS) as PeerName[];

/** How to install the peers, which no ordinary install does. */
export const INSTALL_PEERS = "npx pnpm@12 --filter bench install:peers";

/** What a peer, or one decision of ours, is asked with: see `bench/peers/src/peer.ts`. */
export interface Rollout {
  count(addresses: readonly string[]): number | Promise<number>;
}

/** A file of `bench/peers`. */
export function peerFile(path: string): string {
  return fileURLToPath(new URL(`../peers/${path}`, import.meta.url));
}

/** Whether the peers are installed. */
export function arePeersInstalled(): boolean {
  return existsSync(peerFile("node_modules/unleash-client/package.json"));
}

/** Sets a peer up to answer for a percentage. */
export async function openPeer(name: PeerName, percentage: number): Promise<Rollout> {
  const module = (await import(peerFile(`src/${name}.ts`))) as {
    open(percentage: number): Rollout | Promise<Rollout>;
  };
  return module.open(percentage);
}

/** The installed version of each peer, by package. */
export function peerVersions(): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const name of Object.values(PEERS)) {
    const text = readFileSync(peerFile(`node_modules/${name}/package.json`), "utf8");
    versions[name] = (JSON.parse(text) as { version: string }).version;
  }
  return versions;
}

import { fileURLToPath } from "node:url";
import type { PeerName } from "../peers.ts";
import { peerFile, PEERS } from "../peers.ts";

/** One way to decide, as a file to be bundled or started. */
export interface Entry {
  readonly name: string;
  readonly file: string;
}

export const OURS = "@edgezero/rollout";

/** Ours and some peers. */
export function entries(peers: readonly PeerName[]): Entry[] {
  const own = { name: OURS, file: fileURLToPath(new URL("./own.ts", import.meta.url)) };
  return [own, ...peers.map((peer) => ({ name: PEERS[peer], file: peerFile(`src/${peer}.ts`) }))];
}

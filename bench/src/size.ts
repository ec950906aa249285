// What one decision's import weighs, and how long a process takes to its first decision.
import { PEER_NAMES, peerVersions } from "./peers.ts";
import { writeResult } from "./report/results.ts";
import { sizeTable } from "./report/size-table.ts";
import { measureSize } from "./size/measure.ts";

const data = await measureSize({ starts: 15, peers: PEER_NAMES });
console.log(sizeTable(data));
writeResult("size", peerVersions(), data);

// What one decision costs: 1,000,000 distinct addresses at 10 per cent, against a bare loop and
// against what people would use instead.
import { measureDecision } from "./decision/measure.ts";
import { PEER_NAMES, peerVersions } from "./peers.ts";
import { decisionTable } from "./report/decision-table.ts";
import { writeResult } from "./report/results.ts";

const data = await measureDecision({ addresses: 1_000_000, rounds: 10, peers: PEER_NAMES });
console.log(decisionTable(data));
writeResult("decision", peerVersions(), data);
// Some peers keep timers.
process.exit();

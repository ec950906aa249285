import { distinctAddresses } from "../addresses.ts";
import type { PeerName, Rollout } from "../peers.ts";
import { openPeer, PEERS } from "../peers.ts";
import { median, medianRatio } from "../statistics.ts";
import { goOffline } from "./no-network.ts";
import {
  openBareLoop,
  openDecide,
  openFullDecision,
  openNothing,
  openReadAndDecide,
} from "./own.ts";

const PERCENTAGE = 10;
/** How far the share of a million addresses may be from the percentage, in percentage points. */
const MOST_OFF = 0.2;

export const FLOOR = "no-op";
export const BARE = "bare FNV-1a loop";
export const DECIDE = "decide";
export const FULL = "createRollout().decide";
export const STATELESS = "readRollout + decide";

/** How much is measured. */
export interface DecisionScale {
  readonly addresses: number;
  /** A peer is asked for another part of the addresses in each round; ours for all of them. */
  readonly rounds: number;
  readonly peers: readonly PeerName[];
}

/** What one decision costs by one way. */
export interface DecisionRow {
  readonly name: string;
  /**
   * CPU time of the thread that asks: the median, and the fastest and slowest round. Of a peer that
   * hashes on another thread, that part does not count.
   */
  readonly nanoseconds: number;
  readonly fastest: number;
  readonly slowest: number;
  /** The median of the time that passes. */
  readonly passed: number;
  /** Medians of the ratios within a round. */
  readonly timesBareLoop: number;
  readonly timesFullDecision: number;
  /** Per cent of all addresses. */
  readonly share: number;
}

/** All ways, and how many hosts they have looked for meanwhile, in vain. */
export interface DecisionData {
  readonly addresses: number;
  readonly rounds: number;
  readonly rows: readonly DecisionRow[];
  /** Peers that could not be set up offline, with what happened. */
  readonly failed: Readonly<Record<string, string>>;
  readonly namesLookedFor: number;
}

interface Candidate {
  readonly name: string;
  readonly rollout: Rollout;
  readonly isPeer: boolean;
  readonly nanoseconds: number[];
  readonly passed: number[];
  asked: number;
  chosen: number;
}

/**
 * Measures one decision by each way, in rounds that ask all of them in turn.
 *
 * @throws Error when one does not send 10 ± 0.2 per cent of the addresses to the new path.
 */
export async function measureDecision(scale: DecisionScale): Promise<DecisionData> {
  const offline = goOffline();
  const failed: Record<string, string> = {};
  const candidates: Candidate[] = [
    candidate(FLOOR, openNothing()),
    candidate(BARE, openBareLoop(PERCENTAGE)),
    candidate(DECIDE, await openDecide(PERCENTAGE)),
    candidate(FULL, openFullDecision(PERCENTAGE)),
    candidate(STATELESS, openReadAndDecide(PERCENTAGE)),
  ];
  for (const peer of scale.peers) {
    try {
      candidates.push(candidate(PEERS[peer], await openPeer(peer, PERCENTAGE), true));
    } catch (error) {
      failed[PEERS[peer]] = String(error);
    }
  }
  const addresses = distinctAddresses(scale.addresses);
  const part = scale.addresses / scale.rounds;
  // The first round warms up: code is compiled.
  for (let round = -1; round < scale.rounds; round++) {
    const start = part * Math.max(round, 0);
    const slice = addresses.slice(start, start + part);
    for (const each of candidates) await ask(each, each.isPeer ? slice : addresses, round >= 0);
  }
  const tolerance = MOST_OFF * Math.sqrt(1_000_000 / scale.addresses);
  for (const { name, asked, chosen } of candidates) {
    const off = Math.abs((100 * chosen) / asked - (name === FLOOR ? 0 : PERCENTAGE));
    if (off > tolerance) throw new Error(`${name} sent ${chosen} of ${asked} to the new path`);
  }
  offline.end();
  const { addresses: count, rounds } = scale;
  const rows = candidates.map((each) => toRow(each, candidates));
  return { addresses: count, rounds, rows, failed, namesLookedFor: offline.looked() };
}

function candidate(name: string, rollout: Rollout, isPeer = false): Candidate {
  return { name, rollout, isPeer, nanoseconds: [], passed: [], asked: 0, chosen: 0 };
}

async function ask(one: Candidate, addresses: readonly string[], counts: boolean): Promise<void> {
  globalThis.gc?.();
  const start = performance.now();
  const used = process.threadCpuUsage();
  const chosen = await one.rollout.count(addresses);
  const { user, system } = process.threadCpuUsage(used);
  const passed = performance.now() - start;
  if (!counts) return;
  one.nanoseconds.push((1e3 * (user + system)) / addresses.length);
  one.passed.push((1e6 * passed) / addresses.length);
  one.asked += addresses.length;
  one.chosen += chosen;
}

function toRow(one: Candidate, all: readonly Candidate[]): DecisionRow {
  const sampleOf = (name: string): number[] =>
    all.find((each) => each.name === name)?.nanoseconds ?? [];
  const { name, nanoseconds, asked, chosen } = one;
  return {
    name,
    nanoseconds: median(nanoseconds),
    fastest: Math.min(...nanoseconds),
    slowest: Math.max(...nanoseconds),
    passed: median(one.passed),
    timesBareLoop: medianRatio(nanoseconds, sampleOf(BARE)),
    timesFullDecision: medianRatio(nanoseconds, sampleOf(FULL)),
    share: (100 * chosen) / asked,
  };
}

import type { RolloutPath } from "@edgezero/rollout";
import type { OriginFault } from "@edgezero/rollout/attribution";

/** What the gateway has at one origin now, and how often that was too much. */
export interface OriginCounts {
  /** Connections that are open. */
  connections: number;
  /** Requests that wait for a connection. */
  waiting: number;
  /** Requests that got a 503 because they would have waited too long, or too many did. */
  refused: number;
  /** Requests that the gateway answered in the origin's place, or broke off, by the fault. */
  readonly faults: Record<OriginFault, number>;
}

/** The counts of both origins. */
export type OriginsCounts = Readonly<Record<RolloutPath, OriginCounts>>;

/** Counts for two origins, all 0. */
export function createOriginsCounts(): OriginsCounts {
  return { legacy: createOriginCounts(), edgezero: createOriginCounts() };
}

function createOriginCounts(): OriginCounts {
  return {
    connections: 0,
    waiting: 0,
    refused: 0,
    faults: {
      refused: 0,
      unreachable: 0,
      dns: 0,
      tls: 0,
      timeout: 0,
      reset: 0,
      malformed: 0,
      busy: 0,
      loop: 0,
      gateway: 0,
      other: 0,
    },
  };
}

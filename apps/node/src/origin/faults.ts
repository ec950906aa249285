import type { IncomingMessage } from "node:http";
import { createOriginFaultLog, faultCode, LoopError } from "@edgezero/gateway";
import type { Logger, RolloutPath } from "@edgezero/rollout";
import type { OriginFault } from "@edgezero/rollout/attribution";
import type { OriginsCounts } from "./counts.ts";
import { faultKind } from "./fault-kind.ts";

/** Takes the faults of one origin: each is logged, counted, and kept for its request's event. */
export interface OriginFaults {
  /** A fault of the connection or of the answer. Gives its kind. */
  failed(incoming: IncomingMessage, fault: unknown): OriginFault;
  /** The request had to wait too long for a connection. */
  busy(incoming: IncomingMessage): void;
  /** The request has come back to the gateway. */
  looped(incoming: IncomingMessage): void;
}

/** Takes the faults of both origins. */
export interface OriginsFaults extends Readonly<Record<RolloutPath, OriginFaults>> {
  /** The fault for which the gateway answered a request itself, or broke its response off. */
  of(incoming: IncomingMessage): OriginFault | null;
}

/** Starts to count and to log the faults of both origins. */
export function createOriginsFaults(counts: OriginsCounts, logger: Logger): OriginsFaults {
  const kept = new WeakMap<IncomingMessage, OriginFault>();

  function faultsOf(path: RolloutPath): OriginFaults {
    const log = createOriginFaultLog(path, logger);
    const { faults } = counts[path];
    const take = (incoming: IncomingMessage, kind: OriginFault, fault: unknown): OriginFault => {
      faults[kind]++;
      kept.set(incoming, kind);
      log(kind, fault);
      return kind;
    };
    return {
      failed: (incoming, fault) => take(incoming, faultKind(faultCode(fault)), fault),
      busy(incoming) {
        take(incoming, "busy", new Error("the origin has all connections that it may have"));
      },
      looped(incoming) {
        take(incoming, "loop", new LoopError());
      },
    };
  }

  return {
    legacy: faultsOf("legacy"),
    edgezero: faultsOf("edgezero"),
    of: (incoming) => kept.get(incoming) ?? null,
  };
}

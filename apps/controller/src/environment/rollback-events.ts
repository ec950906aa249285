import type { RollbackEvents } from "../effects/rollbacks.ts";
import type { OwnFaults } from "../loop/own-faults.ts";
import type { RolloutCore } from "./core.ts";

/** Tells the rollout, its timeline and the log how a rollback goes on. */
export function rollbackEvents(core: RolloutCore, faults: OwnFaults): RollbackEvents {
  const { name: environment, logger } = core;
  return {
    onFault: (error) => faults.report("effect", error),
    onZeroed(id, epoch) {
      core.remember({ kind: "change", pct: 0, written: true }, "Wrote 0.");
      logger.warn("wrote 0", { environment, id });
      core.take({ type: "zeroed", at: core.now(), id, written: true, epoch });
      void core.save();
    },
    onNotZeroed(id, why) {
      logger.error("0 is not written yet", { environment, id, why });
      core.take({ type: "zeroed", at: core.now(), id, written: false, epoch: null });
    },
    onProved(id, proven, sentence) {
      core.remember({ kind: "proof", proven }, sentence);
      logger[proven ? "info" : "error"]("proof of 0", { environment, id, proven, sentence });
      core.take({ type: "proved", at: core.now(), id, proven });
      void core.save();
    },
  };
}

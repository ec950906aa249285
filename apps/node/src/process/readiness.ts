import type { OpenConfigStore } from "@edgezero/stores/open-config-store";

/** Whether the gateway should get requests. */
export interface Readiness {
  isReady(): boolean;
  /** Whether this process is, whatever others of its gateway say. */
  isAloneReady(): boolean;
  /** From now on it is not ready: it is about to stop. */
  stop(): void;
}

/**
 * A gateway is ready from the first read of its config until it is told to stop.
 *
 * @param areOthers Whether all other processes of the gateway are ready.
 */
export function createReadiness(
  configStore: Pick<OpenConfigStore, "confirmedAt">,
  areOthers: () => boolean = () => true,
): Readiness {
  let isStopping = false;
  const isAloneReady = (): boolean => !isStopping && configStore.confirmedAt() !== null;
  return {
    isReady: () => isAloneReady() && areOthers(),
    isAloneReady,
    stop() {
      isStopping = true;
    },
  };
}

/** The answer to who asks whether the gateway is ready. */
export function readyAnswer(readiness: Pick<Readiness, "isReady">): {
  status: 200 | 503;
  text: string;
} {
  return readiness.isReady() ? { status: 200, text: "ready" } : { status: 503, text: "not ready" };
}

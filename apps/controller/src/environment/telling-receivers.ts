import { hostname } from "node:os";
import { join, resolve } from "node:path";
import type { LoadedConfig } from "@edgezero/config";
import { messageOf } from "@edgezero/faults/faults";
import { fileLease } from "@edgezero/operations/journal/file/file-lease";
import { SYSTEM_CLOCK } from "../loop/clock.ts";
import type { Notifier } from "../notify/notifier.ts";
import { openNotifier } from "../notify/notifier.ts";
import type { Receiver } from "../notify/receiver.ts";
import { openReceiver } from "../notify/receiver.ts";
import { unavailableFile } from "../notify/told-unavailable.ts";
import type { StateFile } from "../state/state-file.ts";
import type { LedPlace } from "./led-environments.ts";

/** One receiver that cannot be used must not keep the others from being told. */
function receiversOf(
  name: string,
  { config }: LoadedConfig,
  { variables, logger }: LedPlace,
): readonly Receiver[] {
  const wanted = config.environments?.[name]?.notify ?? [];
  return wanted.flatMap((given) => {
    try {
      return [openReceiver(given, variables)];
    } catch (error) {
      logger.error("a receiver cannot be told", { environment: name, why: messageOf(error) });
      return [];
    }
  });
}

/** Tells the receivers of an environment that this process does not run. */
export interface Telling {
  readonly notifier: Notifier;
  close(): Promise<void>;
}

/** Another process may write the file of the environment: what is told here is told once in each process. */
const IN_MEMORY: StateFile = {
  path: "memory",
  load: async () => null,
  save: async () => {},
};

/**
 * Goes on with what this host has told of an environment that it does not run; `null` where nobody is to be told.
 * Never rejects.
 */
export async function openTelling(
  name: string,
  store: string | null,
  loaded: LoadedConfig,
  place: LedPlace,
): Promise<Telling | null> {
  const { logger, stateDir } = place;
  const receivers = receiversOf(name, loaded, place);
  if (receivers.length === 0) return null;
  const folder = resolve(stateDir);
  const term = await fileLease(join(folder, `${name}.lease`))
    .take(`controller of ${name}@${hostname()}`)
    .then(
      (lease) => (lease.kind === "following" ? null : lease.term),
      (error: unknown) => {
        logger.warn("the lease cannot be taken", { environment: name, why: messageOf(error) });
        return null;
      },
    );
  const notifier = await openNotifier({
    name,
    location: store ?? "",
    receivers,
    file: term === null ? IN_MEMORY : unavailableFile(folder, name, store),
    page: loaded.config.environments?.[name]?.controller?.url ?? null,
    // No source is asked.
    silenceMs: () => Number.POSITIVE_INFINITY,
    leads: async () => null,
    clock: SYSTEM_CLOCK,
    logger,
  });
  return {
    notifier,
    async close() {
      await notifier.close();
      await term?.release();
    },
  };
}

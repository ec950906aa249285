import type { RecordingLogger } from "@edgezero/testbed/recording-logger";
import { messages, recordingLogger } from "@edgezero/testbed/recording-logger";
import { expect, test } from "vitest";
import { createGatewayCounts } from "./gateway-counts.ts";
import { Heartbeat } from "./heartbeat.ts";
import { notStarted } from "./not-started.ts";
import type { WorkerEnd, WorkerProcess } from "./worker.ts";
import { Workers } from "./workers.ts";

/** A worker that has a process in name alone. */
interface Played {
  readonly worker: WorkerProcess;
  becomesReady(): void;
  dies(): void;
}

function play(number: number, onChange: () => void): Played {
  const exited = Promise.withResolvers<WorkerEnd>();
  const silenced = Promise.withResolvers<void>();
  let isReady = false;
  let ending: ReturnType<WorkerProcess["ending"]> = null;
  function dies(): void {
    isReady = false;
    exited.resolve({ code: 1, signal: null, fault: null });
    silenced.resolve();
  }
  const started = Promise.resolve({}) as unknown as WorkerProcess["started"];
  const worker: WorkerProcess = {
    ...notStarted(number, "unused"),
    pid: 4_000_000,
    started,
    exited: exited.promise,
    silenced: silenced.promise,
    heartbeat: new Heartbeat(),
    isReady: () => isReady,
    ending: () => ending,
    end(how) {
      ending = how;
      dies();
    },
    kill: dies,
  };
  return {
    worker,
    dies,
    becomesReady() {
      isReady = true;
      onChange();
    },
  };
}

/** Workers that are played, and all that were made, in order. */
interface PlayedWorkers {
  readonly workers: Workers;
  readonly made: readonly Played[];
  readonly logger: RecordingLogger;
}

function createWorkers(
  count: number,
  makes: (played: Played) => WorkerProcess = ({ worker }) => worker,
): PlayedWorkers {
  const made: Played[] = [];
  const logger = recordingLogger();
  const workers = new Workers(
    {
      count,
      logger,
      counts: createGatewayCounts(),
      endMs: () => 10_000,
      start(number, _, onChange) {
        const played = play(number, onChange);
        made.push(played);
        return makes(played);
      },
    },
    {},
  );
  return { workers, made, logger };
}

test("a worker that dies before the workers are watched is replaced too", async () => {
  const { workers, made } = createWorkers(1);
  await workers.startFirst(1);
  made[0]?.dies();
  await new Promise(setImmediate);
  workers.watch();
  await expect.poll(() => made.length).toBe(2);
  made[1]?.becomesReady();
  expect(workers.isReady()).toBe(true);
  await workers.stop();
});

test("a replacement that waits for a ready worker gives up when all are to end, and none starts", async () => {
  const { workers, made } = createWorkers(2);
  await Promise.all([1, 2].map(async (number) => workers.startFirst(number)));
  for (const played of made) played.becomesReady();
  workers.watch();
  const replaced = workers.replace(1, {}, 10_000);
  await new Promise(setImmediate);
  expect(made).toHaveLength(3);
  const stopped = workers.stop();
  await expect(replaced).rejects.toThrow("the gateway is stopping");
  await stopped;
  await expect(workers.replace(2, {}, 10_000)).rejects.toThrow("the gateway is stopping");
  await expect(workers.startFirst(2)).rejects.toThrow("the gateway is stopping");
  expect(made).toHaveLength(3);
  expect(made.map(({ worker }) => worker.ending())).toEqual(["stop", "stop", "stop"]);
});

test("without processes to be had, starts are tried again, and a stop ends", async () => {
  let has = true;
  const { workers, made, logger } = createWorkers(1, ({ worker }) =>
    has ? worker : notStarted(1, new Error("spawn EMFILE")),
  );
  await workers.startFirst(1);
  workers.watch();
  has = false;
  await expect(workers.replace(1, {}, 10_000)).rejects.toThrow(
    "worker 1 has no process (spawn EMFILE)",
  );
  made[0]?.dies();
  await expect.poll(() => made.length).toBeGreaterThan(3);
  has = true;
  const tried = made.length;
  await expect.poll(() => made.length).toBeGreaterThan(tried);
  made.at(-1)?.becomesReady();
  expect(workers.isReady()).toBe(true);
  expect(messages(logger, "error")).toContain("worker has no process");
  await workers.stop();
});

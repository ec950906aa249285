import cluster from "node:cluster";
import { afterEach, expect, test } from "vitest";
import { startWorker } from "./worker-process.ts";

const { cwd } = cluster.settings;
afterEach(() => cluster.setupPrimary({ ...cluster.settings, cwd }));

test.each([
  { name: "the system refuses", folder: "/none/such", said: "ENOENT" },
  { name: "Node refuses", folder: "a\0b", said: "null bytes" },
])("$name to start a process: the worker has ended", async ({ folder, said }) => {
  cluster.setupPrimary({ cwd: folder });
  const worker = startWorker({
    place: { worker: 3, workers: 4, process: { name: "n", startedAt: 0 }, seed: new Uint8Array() },
    env: {},
    output: { relay: () => true },
    onChange: () => {},
  });
  await expect(worker.started).rejects.toThrow(/^worker 3 has no process/);
  expect((await worker.exited).fault).toContain(said);
  await worker.silenced;
  worker.tellAllReady(true);
  worker.end("stop");
  worker.kill();
  await worker.count();
  expect([worker.pid, worker.isReady()]).toEqual([0, false]);
});

import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { withDeadline } from "@edgezero/faults/deadline";

const LIMIT_MS = 5000;

const SOURCE = `
const { parentPort, workerData } = require("node:worker_threads");
import(workerData).then((module) => {
  if (module.default === undefined) throw new Error("it has no default export");
  parentPort.postMessage(module.default);
}).catch((error) => {
  throw new Error(error?.message ?? String(error));
});`;

/**
 * Gives the default export of a module, which may hold only data. The module runs in a thread of its
 * own: it can neither block or end the process nor print. Gives up after 5 seconds.
 */
export async function runModule(path: string): Promise<unknown> {
  const worker = new Worker(SOURCE, {
    eval: true,
    workerData: pathToFileURL(path).href,
    stdout: true,
    stderr: true,
  });
  try {
    return await withDeadline(
      LIMIT_MS,
      async () => exportOf(worker),
      `it did not end in ${LIMIT_MS} ms`,
    );
  } finally {
    void worker.terminate();
  }
}

async function exportOf(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.on("message", resolve);
    worker.on("error", reject);
    worker.on("exit", () => reject(new Error("it ended without a value")));
  });
}

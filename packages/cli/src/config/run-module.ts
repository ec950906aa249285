import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

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
 * Gives the default export of a module, which may hold nothing but data. It runs in a thread of its
 * own, so that one that loops, ends the process or prints does none of it to the command.
 */
export async function runModule(path: string): Promise<unknown> {
  const worker = new Worker(SOURCE, {
    eval: true,
    workerData: pathToFileURL(path).href,
    stdout: true,
    stderr: true,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`it did not end in ${LIMIT_MS} ms`)), LIMIT_MS);
      worker.on("message", resolve);
      worker.on("error", reject);
      worker.on("exit", () => reject(new Error("it ended without a value")));
    });
  } finally {
    clearTimeout(timer);
    void worker.terminate();
  }
}

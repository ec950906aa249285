// Runs the service in Fastly's local simulator, with two small origins behind it.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { buildViceroy } from "./viceroy.ts";

/** The ports that fastly.toml names. */
const ORIGINS = { "legacy, the trusted path": 9101, "EdgeZero, the new path": 9102 };

const viceroy = buildViceroy();
for (const [name, port] of Object.entries(ORIGINS)) {
  createServer((_, response) => response.end(`Hello from ${name}.\n`))
    .on("error", (error) => console.log(`Using what listens on port ${port}: ${error.message}`))
    .listen(port, "127.0.0.1")
    .unref();
}

const args = ["compute", "serve", "--non-interactive", "--viceroy-path", viceroy];
const service = spawn("fastly", [...args, ...process.argv.slice(2)], {
  stdio: "inherit",
  detached: true,
});
let exitCode = 1;
let isStopping = false;
service.on("exit", (code) => {
  exitCode = code ?? exitCode;
  stop();
});
process.on("SIGINT", stop);
process.on("SIGTERM", stop);

/**
 * Ends the whole group, and then this process: the command is a wrapper, which does not pass a signal
 * on to the simulator. One that comes while the simulator starts may be lost, so it is repeated.
 */
function stop(): void {
  if (isStopping) return;
  isStopping = true;
  const killAt = performance.now() + 10_000;
  const signal = (): void => {
    if (!signalGroup(performance.now() < killAt ? "SIGINT" : "SIGKILL")) process.exit(exitCode);
  };
  signal();
  setInterval(signal, 250);
}

/** Whether there is anyone left in the group to signal. */
function signalGroup(signal: NodeJS.Signals): boolean {
  try {
    return service.pid !== undefined && process.kill(-service.pid, signal);
  } catch {
    return false;
  }
}

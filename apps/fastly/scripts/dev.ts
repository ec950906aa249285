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
// To the whole group: the command is a wrapper, and does not pass a signal on to the simulator.
const stop = (): void => {
  if (service.pid !== undefined) process.kill(-service.pid, "SIGINT");
};
process.on("SIGINT", stop);
process.on("SIGTERM", stop);
service.on("exit", (code) => process.exit(code ?? 1));

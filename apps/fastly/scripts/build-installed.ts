#!/usr/bin/env node
// Builds the service where this package is installed: into `bin/main.wasm` of the current folder, where
// Fastly's CLI looks for it, with the settings that the environment holds.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { messageOf } from "@edgezero/faults/faults";
import { compile } from "./compile.ts";

const WASM = "bin/main.wasm";
const service = fileURLToPath(new URL("../service/main.js", import.meta.url));
try {
  await mkdir("bin", { recursive: true });
  await compile(service, WASM, process.env);
  console.log(`The service is built: ${WASM}`);
} catch (error) {
  console.error(`The service cannot be built.\n${messageOf(error)}`);
  process.exitCode = 1;
}

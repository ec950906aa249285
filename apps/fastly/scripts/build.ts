// Builds the service, with the settings that the environment holds.
import { compile } from "./compile.ts";

try {
  await compile("src/main.ts", "bin/main.wasm", process.env);
} catch (error) {
  console.error(`The service cannot be built.\n${(error as Error).message}`);
  process.exitCode = 1;
}

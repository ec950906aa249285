// Loaded into the gateway before it starts: counts how often it reads its config file, and writes
// the count to the file that COUNT_FILE names when it is told to stop.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const config = process.env["EDGEZERO_CONFIG"];
const { readFileSync } = fs;
let reads = 0;
fs.readFileSync = ((...args: Parameters<typeof readFileSync>) => {
  if (args[0] === config) reads++;
  return readFileSync(...args);
}) as typeof readFileSync;
syncBuiltinESMExports();
process.once("exit", () => fs.writeFileSync(process.env["COUNT_FILE"] ?? "", String(reads)));

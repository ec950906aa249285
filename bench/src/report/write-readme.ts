// Puts the tables of bench/results into bench/README.md.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { withTables } from "./readme.ts";

const README = fileURLToPath(new URL("../../README.md", import.meta.url));
writeFileSync(README, withTables(readFileSync(README, "utf8")));

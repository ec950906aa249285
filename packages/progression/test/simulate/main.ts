// Simulates rollouts and prints how each rule fares on them: `--help` says what can be chosen.
import { parseArgs } from "node:util";
import { printHistories } from "./histories.ts";
import { printP95 } from "./p95.ts";
import { printPromises } from "./promises.ts";
import { FAULTY, HEALTHY, STAGES, WITHIN } from "./sites.ts";
import { printHead, printMinutes, printRolledBack } from "./tables.ts";

const USAGE = `usage: simulate [--table NAME]… [--runs N] [--faulty-runs N] [--histories N] [--seed N] [--site TEXT]

  --table        healthy, faulty, within, p95, histories or promises; all but the last unless told
  --runs         healthy rollouts a row (1000)
  --faulty-runs  faulty rollouts a row (300)
  --histories    random histories of a rollout, each step of which is checked (1000000)
  --seed         a whole number (1): the same seed, the same tables
  --site         only rows whose name has this text

promises rehearses the runbook's plan: --table promises --runs 10000 takes an hour.
`;

const { values } = parseArgs({
  options: {
    table: { type: "string", multiple: true },
    runs: { type: "string", default: "1000" },
    "faulty-runs": { type: "string", default: "300" },
    histories: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    site: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});
const [runs, faultyRuns, histories, seed] = [
  values.runs,
  values["faulty-runs"],
  values.histories,
  values.seed,
].map(Number);

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const isChosen = ({ name }: { readonly name: string }): boolean => name.includes(values.site);

const TABLES: Readonly<Record<string, (runs: number, faultyRuns: number, seed: number) => void>> = {
  healthy: (many, _, from) => {
    printHead(print, `healthy canary: 1% 30 min, 10% 2 h, 50% 24 h; ${many} rollouts a row`);
    for (const site of HEALTHY.filter(isChosen)) printRolledBack(print, site, STAGES, many, from);
  },
  within: (many, _, from) => {
    printHead(print, `half the margin: the share rolled back; ${many} stages a row`);
    for (const { site, stage } of WITHIN.filter((row) => isChosen(row.site))) {
      printRolledBack(print, site, [stage], many, from);
    }
  },
  faulty: (_, many, from) => {
    printHead(print, `EdgeZero fails: median minutes until it is found; ${many} stages a row`);
    for (const { site, stage } of FAULTY.filter((row) => isChosen(row.site))) {
      printMinutes(print, site, stage, many, from);
    }
  },
  p95: (many, _, from) => printP95(print, many, from),
  histories: (_, __, from) => printHistories(print, histories ?? 0, from),
  promises: (many, faultyMany, from) => printPromises(print, many, faultyMany, from),
};

const chosen = values.table ?? Object.keys(TABLES).filter((name) => name !== "promises");
const isValid =
  chosen.every((name) => name in TABLES) &&
  [runs, faultyRuns, histories].every((count) => Number.isInteger(count) && (count ?? 0) > 0) &&
  Number.isInteger(seed);
if (values.help || !isValid) {
  process.stdout.write(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  for (const name of chosen) TABLES[name]?.(runs ?? 0, faultyRuns ?? 0, seed ?? 0);
}

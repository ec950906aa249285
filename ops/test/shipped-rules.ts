import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where the files for Prometheus are. */
export const PROMETHEUS_FOLDER: string = fileURLToPath(new URL("../prometheus/", import.meta.url));

/** The rules as they ship. */
export const RULES: string = readFileSync(`${PROMETHEUS_FOLDER}edgezero.rules.yml`, "utf8");

/** One alert, as the rules have it. */
export interface ShippedAlert {
  readonly name: string;
  readonly severity: string;
  readonly action: string;
  /** The time that it is pending, such as `1m`; `0s` where it fires at once. */
  readonly after: string;
  readonly description: string;
  readonly runbookUrl: string;
}

/** The alerts, in their order. */
export const ALERTS: readonly ShippedAlert[] = RULES.split(/^ +- alert: /m)
  .slice(1)
  .map((text) => ({
    name: found(/^(\S+)/, text),
    severity: found(/severity: (\w+)/, text),
    action: found(/action: (\w+)/, text),
    after: /^ +for: (\S+)$/m.exec(text)?.[1] ?? "0s",
    description: found(/^ +description:\s+"(.+)"$/m, text),
    runbookUrl: found(/^ +runbook_url:\s+"(.+)"$/m, text),
  }));

/** The names of the series that the rules record, each once. */
export const RECORDED: ReadonlySet<string> = new Set(
  [...RULES.matchAll(/^ +- record: (\S+)$/gm)].map(([, name]) => String(name)),
);

function found(pattern: RegExp, text: string): string {
  const match = pattern.exec(text)?.[1];
  if (match === undefined) throw new Error(`${pattern} is not in ${text}`);
  return match;
}

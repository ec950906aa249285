import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";

let isMissingSaid = false;

/** The fault that Prometheus's own tool finds in a query, or `null`. Prints once if it is missing. */
export function promqlFinding(query: string): string | null {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-promql-"));
  try {
    const rules = join(folder, "rules.yml");
    const rule = { record: "docs:query", expr: query };
    writeFileSync(rules, stringify({ groups: [{ name: "docs", rules: [rule] }] }));
    const { error, status, stdout, stderr } = spawnSync("promtool", ["check", "rules", rules], {
      encoding: "utf8",
    });
    if (error !== undefined) return missing();
    return status === 0 ? null : `${stdout}${stderr}`.trim();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function missing(): string | null {
  const message = "promtool is not installed: apt-get install prometheus";
  if (process.env["CI"] === "true") return message;
  if (!isMissingSaid) console.log(`PromQL is not checked, since ${message}`);
  isMissingSaid = true;
  return null;
}

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ScratchClone } from "./scratch-clone.ts";
import { createScratchClone, readerEnv } from "./scratch-clone.ts";

let clone: ScratchClone;

beforeAll(() => {
  clone = createScratchClone();
});

afterAll(() => clone.remove());

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

function runInClone(command: string, ...args: string[]): Ended {
  const options = { cwd: clone.folder, env: readerEnv(), encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(command, args, options);
  return { status, output: stdout + stderr };
}

/** The two scripts of the documentation's check; the first for one page alone, which takes less time. */
function check(page: string): Ended {
  const node = join(clone.folder, "node_modules", ".bin", "node");
  const generated = runInClone(node, "docs/scripts/generate.ts", "--check", page);
  if (generated.status !== 0) return generated;
  return runInClone(node, "docs/scripts/check-documents.ts");
}

test("pnpm check runs the documentation's check", () => {
  const manifest = JSON.parse(readFileSync(join(clone.folder, "package.json"), "utf8")) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  expect(manifest.scripts["check"]).toContain("pnpm run docs:check");
  const docs = readFileSync(join(clone.folder, "docs", "package.json"), "utf8");
  expect(docs).toContain("generate.ts --check && node scripts/check-documents.ts");
});

test("the check passes on an unchanged copy", () => {
  expect(runInClone("npx", "pnpm@12", "docs:check")).toMatchObject({ status: 0 });
});

test.each([
  {
    what: "a default",
    file: "packages/settings/src/config-store.ts",
    from: 'default: "30000"',
    to: 'default: "20000"',
    said: "docs/reference/settings.md",
  },
  {
    what: "a default of the Worker",
    file: "packages/settings/src/config-store.ts",
    from: 'default: "5000"',
    to: 'default: "6000"',
    said: "docs/reference/settings.md",
  },
  {
    what: "a default of the plan",
    file: "packages/progression/src/plan/plan.ts",
    from: 'hold: "2h"',
    to: 'hold: "3h"',
    said: "docs/runbook.md",
  },
  {
    what: "a reason",
    file: "packages/rollout/src/reasons.ts",
    from: "edgezero_rollout_pct is 1 to 99",
    to: "edgezero_rollout_pct is 2 to 98",
    said: "docs/reference/fail-safe.md",
  },
  {
    what: "a flag",
    file: "packages/cli/src/cli-options.ts",
    from: '"-m, --reason <text>"',
    to: '"-m, --why <text>"',
    said: "docs/reference/cli.md",
  },
  {
    what: "a flag in a page",
    file: "docs/runbook.md",
    from: "rollback --disable",
    to: "rollback --off",
    said: "unknown option '--off'",
  },
  {
    what: "an exit code",
    file: "packages/cli/src/exit-codes.ts",
    from: "unverified: { code: 7",
    to: "unverified: { code: 11",
    said: "docs/reference/exit-codes.md",
  },
  {
    what: "a row of the fail-safe table, in the page",
    file: "docs/reference/fail-safe.md",
    from: "| legacy    | `pct-absent`",
    to: "| edgezero  | `pct-absent`",
    said: "docs/reference/fail-safe.md",
  },
  {
    what: "a row of the fail-safe table, in the code",
    file: "packages/conformance/src/fail-safe-cases.ts",
    from: '"50%",',
    to: '"60%",',
    said: "docs/reference/fail-safe.md",
  },
  {
    what: "a field of the event",
    file: "packages/rollout/src/attribution/decision-event.ts",
    from: "The version of this schema.",
    to: "The number of this schema.",
    said: "docs/events.md",
  },
  {
    what: "a metric",
    file: "apps/node/src/observation/metrics.ts",
    from: '"edgezero_events_dropped_total"',
    to: '"edgezero_events_lost_total"',
    said: "docs/reference/metrics.md",
  },
  {
    what: "a log line of the core",
    file: "packages/rollout/src/decision-log.ts",
    from: "routing request through",
    to: "request goes through",
    said: "docs/reference/log-lines.md",
  },
  {
    what: "a log line of a gateway",
    file: "packages/stores/src/redis/report.ts",
    from: "config store is read again",
    to: "config store is back",
    said: "docs/reference/log-lines.md",
  },
  {
    what: "a docstring",
    file: "packages/rollout/src/fnv1a.ts",
    from: "The bucket of a routing key",
    to: "The slot of a routing key",
    said: "docs/reference/api.md",
  },
  {
    what: "a block of TypeScript",
    file: "docs/use/core.md",
    from: "createRollout({",
    to: "createRolout({",
    said: "docs/use/core.md",
  },
  {
    what: "a block of TypeScript in a README",
    file: "packages/rollout/README.md",
    from: "legacy: (request) =>",
    to: "old: (request) =>",
    said: "packages/rollout/README.md",
  },
  {
    what: "a block of JSON",
    file: "apps/node/README.md",
    from: '"edgezero_enabled": "true",',
    to: '"edgezero_enabled": "true"',
    said: "apps/node/README.md",
  },
  {
    what: "a block of shell that is not run and does not say why",
    file: "apps/fastly/README.md",
    from: "<!-- not run: docs/start/fastly.md runs it -->",
    to: "<!-- not run -->",
    said: "does not say why",
  },
  {
    what: "a script in a page",
    file: "docs/start/workerd.md",
    from: "--filter cloudflare dev",
    to: "--filter cloudflare serve",
    said: "has no script serve",
  },
  {
    what: "a call that asks on a first run",
    file: "docs/start/workerd.md",
    from: "npx --yes pnpm@12",
    to: "npx pnpm@12",
    said: "npx asks on a first run",
  },
  {
    what: "a link",
    file: "docs/start/node.md",
    from: "](workerd.md)",
    to: "](workers.md)",
    said: "there is nothing at workers.md",
  },
  {
    what: "an anchor",
    file: "docs/start/node.md",
    from: "../runbook.md#stages",
    to: "../runbook.md#phases",
    said: "no heading is named by ../runbook.md#phases",
  },
])("a change of $what is noticed: $file", ({ file, from, to, said }) => {
  const path = join(clone.folder, file);
  const before = readFileSync(path, "utf8");
  expect(before).toContain(from);
  writeFileSync(
    path,
    before.replace(from, () => to),
  );
  try {
    const { status, output } = check(said);
    expect(output).toContain(said);
    expect(status).not.toBe(0);
  } finally {
    writeFileSync(path, before);
  }
});

test("a dead link stops the site's build", () => {
  const path = join(clone.folder, "docs", "how", "buckets.md");
  const before = readFileSync(path, "utf8");
  writeFileSync(path, `${before}\n[nowhere](/nowhere)\n`);
  const { status, output } = runInClone("npx", "pnpm@12", "docs:build");
  expect(output).toContain("dead link");
  expect(status).not.toBe(0);
});

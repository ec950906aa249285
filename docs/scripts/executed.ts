/** The documents whose shell blocks are executed by `test/pages-run.test.ts`. */
export const EXECUTED = [
  "README.md",
  "docs/runbook.md",
  "docs/start/fastly.md",
  "docs/start/node.md",
  "docs/start/workerd.md",
  "docs/use/gateway.md",
  "docs/use/stickiness.md",
  "packages/cli/README.md",
] as const;

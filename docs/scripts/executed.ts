/** The documents whose shell blocks are executed by `test/pages-run.test.ts` and `test/walks-run.test.ts`. */
export const EXECUTED = [
  "README.md",
  "docs/runbook.md",
  "docs/start/express.md",
  "docs/start/fastly.md",
  "docs/start/nextjs.md",
  "docs/start/nginx.md",
  "docs/start/node.md",
  "docs/start/redis.md",
  "docs/start/workerd.md",
  "docs/use/gateway.md",
  "docs/use/stickiness.md",
  "packages/cli/README.md",
] as const;

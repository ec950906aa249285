// Seeds the local KV so that all requests go to legacy, and starts the Worker in workerd.
import { spawnSync } from "node:child_process";

const BINDING = "TRUSTED_SERVER_CONFIG";
const SEED = { edgezero_enabled: "false", edgezero_rollout_pct: "0" };

for (const [key, value] of Object.entries(SEED)) {
  run("kv", "key", "put", "--local", "--binding", BINDING, key, value);
}
console.log(`
To send everyone to EdgeZero while this runs, in another terminal:

  npx pnpm@12 --filter cloudflare exec wrangler kv key put --local --binding ${BINDING} edgezero_rollout_pct 100
  npx pnpm@12 --filter cloudflare exec wrangler kv key put --local --binding ${BINDING} edgezero_enabled true

The Worker goes by what it has read for CONFIG_MAX_AGE_MS, 5 seconds.
`);
run("dev", ...process.argv.slice(2));

function run(...args: string[]): void {
  const { status } = spawnSync("wrangler", args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

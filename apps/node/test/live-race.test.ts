import { Agent } from "node:http";
import { expect, test } from "vitest";
import { startGatewayProcess } from "./gateway-process.ts";
import { send } from "./http-client.ts";

test.each(["new", "keep"])("race %s", async (kind) => {
  const g = await startGatewayProcess({ edgezero_enabled: "true", edgezero_rollout_pct: "0" });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let stale = 0;
  for (let i = 0; i < 5000; i++) {
    const pct = i % 2 ? "100" : "0";
    g[i % 4 < 2 ? "writeConfig" : "replaceConfig"]({ edgezero_enabled: "true", edgezero_rollout_pct: pct });
    const a = await send(g.url, kind === "keep" ? { agent } : {});
    if (a.path !== (i % 2 ? "edgezero" : "legacy")) stale++;
  }
  agent.destroy();
  console.log(kind, "stale", stale);
  console.log(await g.stop(), g.stderr);
}, 120_000);

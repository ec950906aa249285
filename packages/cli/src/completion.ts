import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { loadConfig } from "./config/load-config.ts";
import { RUNBOOK_PLAN } from "./rollout/plan.ts";
import { STORE_URLS } from "./stores/open-store.ts";

/**
 * Adds `completion <shell>`, which prints a script, and `complete`, which that script calls: with
 * the environments and the stages of the config file, where there is a valid one.
 */
export async function addCompletion(program: Command): Promise<void> {
  const completion = tab(program, { completionCommandName: "completion" });
  const config = (await loadConfig(undefined, process.cwd()).catch(() => null))?.config;
  const environments = Object.entries(config?.environments ?? {});
  const stages = config?.plan ?? RUNBOOK_PLAN;
  for (const { options } of completion.commands.values()) {
    const env = options.get("env");
    if (env !== undefined) {
      env.handler = (complete) => {
        for (const [name] of environments) complete(name, "environment");
      };
    }
    const store = options.get("store");
    if (store !== undefined) {
      store.handler = (complete) => {
        for (const url of STORE_URLS) complete(url.replace(/<.*|host.*/, ""), "store");
      };
    }
  }
  const pct = completion.commands.get("set")?.arguments.get("pct");
  if (pct !== undefined) {
    pct.handler = (complete) => {
      for (const stage of stages) complete(String(stage.pct), `held for ${stage.hold}`);
    };
  }
}

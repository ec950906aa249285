import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { loadDataConfig, stagesOf } from "@edgezero/config";
import { RUNBOOK_PLAN } from "@edgezero/progression/plan";
import { STORE_URLS } from "@edgezero/stores/open-operator-store";

/**
 * A stand-in for the package bash-completion, which not every machine has. The script for bash needs
 * this much of it. It differs only for words with a colon or an equals sign.
 */
const WITHOUT_BASH_COMPLETION = `declare -F _get_comp_words_by_ref >/dev/null ||
_get_comp_words_by_ref() {
    cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
    words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD
}

`;

/**
 * Adds `completion <shell>`, which prints a script, and `complete`, which that script calls. It knows
 * the environments and stages of the config file, where that file is valid and is JSON: a TAB runs no
 * code of a folder.
 */
export async function addCompletion(program: Command): Promise<void> {
  const completion = tab(program, { completionCommandName: "completion" });
  program.commands
    .find((command) => command.name() === "completion")
    ?.hook("preAction", ({ args }) => {
      if (args[0] === "bash") process.stdout.write(WITHOUT_BASH_COMPLETION);
    });
  const config = (await loadDataConfig(process.cwd()).catch(() => null))?.config;
  const environments = Object.entries(config?.environments ?? {});
  const stages = config?.plan === undefined ? RUNBOOK_PLAN : stagesOf(config.plan);
  for (const { options } of completion.commands.values()) {
    const env = options.get("env");
    if (env !== undefined) {
      env.handler = (complete) => {
        for (const [name] of environments) complete(name, "environment");
      };
    }
    const path = options.get("path");
    if (path !== undefined) {
      path.handler = (complete) => {
        for (const name of ["edgezero", "legacy"]) complete(name, "path");
      };
    }
    const store = options.get("store");
    if (store !== undefined) {
      store.handler = (complete) => {
        for (const url of STORE_URLS) complete(url.replace(/<.*|host.*/, ""), "store");
      };
    }
  }
  const approved = completion.commands.get("approve")?.options.get("stage");
  if (approved !== undefined) {
    approved.handler = (complete) => {
      for (const [i, { pct: to }] of stages.entries()) complete(String(i + 1), `${to}%`);
    };
  }
  const pct = completion.commands.get("set")?.arguments.get("pct");
  if (pct !== undefined) {
    pct.handler = (complete) => {
      for (const stage of stages) complete(String(stage.pct), `held for ${stage.hold}`);
    };
  }
}

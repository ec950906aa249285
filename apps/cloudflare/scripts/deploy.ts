// Checks the variables of wrangler.jsonc and of `--var`, and deploys the Worker. The Worker learns that
// they were checked: one that is not valid later was changed later, and must not stop the Worker.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { CLOUDFLARE_SETTINGS, readSettings, SettingsError } from "@edgezero/settings";
import { unstable_readConfig } from "wrangler";

const args = process.argv.slice(2);
try {
  const vars = variablesOf(args);
  readSettings(CLOUDFLARE_SETTINGS, (name) => vars[name]);
  const marked = ["deploy", "--define", "VARIABLES_WERE_CHECKED:true", ...args];
  process.exitCode = spawnSync("wrangler", marked, { stdio: "inherit" }).status ?? 1;
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(`The Worker cannot be deployed.\n${error.message}`);
  process.exitCode = 1;
}

/** The variables that Wrangler would upload for these arguments. */
function variablesOf(given: string[]): Record<string, unknown> {
  const { values } = parseArgs({
    args: given,
    strict: false,
    options: {
      config: { type: "string", short: "c" },
      env: { type: "string", short: "e" },
      var: { type: "string", multiple: true },
    },
  });
  const config = typeof values.config === "string" ? values.config : undefined;
  const env = typeof values.env === "string" ? values.env : undefined;
  const ofArguments = (values.var ?? []).map((each) => {
    const [name = "", ...rest] = String(each).split(":");
    return [name, rest.join(":")] as const;
  });
  return { ...unstable_readConfig({ config, env }).vars, ...Object.fromEntries(ofArguments) };
}

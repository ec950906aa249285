import { Command, Option } from "commander";
import {
  httpUrl,
  timeoutOption,
  upToWeek,
  wholeNumber,
  withController,
  withDryRun,
  withForce,
  withGateways,
  withNewStore,
  withProbes,
  withStore,
  withWrite,
} from "./cli-options.ts";
import type { RollbackOptions } from "./commands/rollback/rollback.ts";
import type { SetOptions } from "./commands/set/set.ts";
import { EXAMPLES } from "./examples.ts";
import { addControlCommands } from "./commands/control/add-control-commands.ts";
import { addPlanCommands } from "./commands/plan/add-plan-commands.ts";
import type { Outcome, Output } from "./output/output.ts";
import { VERSION } from "./version.ts";

/** The work of a command, loaded when it is needed. */
export type Action<Options> = (
  output: Output,
  options: Options,
  args: string[],
) => Promise<Outcome>;

/** Runs a command's work and writes its outcome. */
type Runner = (name: string, action: (output: Output) => Promise<Outcome>) => Promise<void>;

/** Adds a command whose work is loaded when it is needed. */
export type AddCommand = <Options>(
  name: string,
  description: string,
  load: () => Promise<Action<Options>>,
) => Command;

/** Creates the command line for commander. */
export function createProgram(runner: Runner): Command {
  const program = new Command("edgezero-rollout")
    .description("See, move and undo an EdgeZero rollout, and know that it took.")
    .version(VERSION)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .addHelpText("after", EXAMPLES["program"] ?? "");

  function command<Options>(
    name: string,
    description: string,
    load: () => Promise<Action<Options>>,
  ): Command {
    const [own = "", inner] = name.split(" ");
    const parent = inner === undefined ? program : groupOf(program, own);
    const added = parent.command(inner ?? own).description(description);
    added.option("--json", "one JSON document instead of text");
    added.addHelpText("after", EXAMPLES[name] ?? "");
    added.action(async () => {
      const options = added.opts<Record<string, unknown>>() as Options;
      await runner(name, async (output) => (await load())(output, options, added.args));
    });
    return added;
  }

  const status = command("status", "Show what is configured, and with --url what is served", () =>
    import("./commands/status/status.ts").then((module) => module.status),
  );
  withController(withProbes(withStore(status), 100));
  status.option("--watch", "show it again every second, until Control-C");

  const set = command<SetOptions>("set", "Move the percentage", () =>
    import("./commands/set/set.ts").then((module) => (output, options, [pct = ""]) => {
      return module.set(output, pct, options);
    }),
  );
  withWrite(withStore(set)).argument(
    "<pct>",
    "a whole number, 0 to 100; a per cent sign may follow",
  );
  withGateways(withForce(set)).option("--wait", "wait until the gateways serve it, as with --url");
  set.addOption(timeoutOption("how long to wait"));

  const enable = command("enable", "Turn the master switch on", () =>
    import("./commands/set/switch.ts").then((module) => module.enable),
  );
  withForce(withWrite(withStore(enable)));

  const disable = command("disable", "Turn the master switch off: all clients to legacy", () =>
    import("./commands/set/switch.ts").then((module) => module.disable),
  );
  withWrite(withStore(disable));

  const rollback = command<RollbackOptions>(
    "rollback",
    "Set 0 at once, without asking, and prove it",
    async () => {
      const module = await import("./commands/rollback/rollback.ts");
      return async (output, options) =>
        options.dryRun === true
          ? (await import("./commands/dry-rollback.ts")).dryRollback(output, options)
          : module.rollback(output, options);
    },
  );
  withProbes(withDryRun(withStore(rollback)), 50);
  rollback.option("-y, --yes", "accepted, since it never asks");
  rollback.option("--disable", "turn the master switch off, too");
  rollback.option("--accept-unverified", "exit code 0 once the store holds it, proven or not");
  rollback.addOption(timeoutOption("how long to try and to verify"));

  const init = command("init", "Create what is missing: both keys, and a plan", () =>
    import("./commands/init/init.ts").then((module) => module.init),
  );
  withDryRun(withNewStore(init));

  const bucket = command("bucket", "Show the buckets of addresses", () =>
    import("./commands/bucket/bucket.ts").then((module) => module.bucket),
  );
  bucket.argument("[ip...]", "addresses; none, or -: one a line from standard input");

  const simulate = command("simulate", "Show the real share of a list of addresses", () =>
    import("./commands/bucket/simulate.ts").then((module) => module.simulate),
  );
  simulate.requiredOption("--ips <file>", "an address a line; - is standard input");
  simulate.addOption(
    new Option("--pct <pct>", "a whole number, 0 to 100")
      .argParser(wholeNumber(0, 100))
      .makeOptionMandatory(),
  );

  const doctor = command("doctor", "Examine the store, the files and the gateways", () =>
    import("./commands/doctor/doctor.ts").then((module) => module.doctor),
  );
  withProbes(withStore(doctor), 100);

  const log = command("log", "Show the audit trail", () =>
    import("./commands/log/log.ts").then((module) => module.log),
  );
  withStore(log).option("--verify", "say whether an entry was changed, added, moved or taken out");
  log.option("--head <hash>", "with --verify: an entry with this hash must be there");
  log.option("--archive <file>", "move the oldest entries from Redis to this file");
  log.option("--with-archive <file>", "also read the entries that were archived to this file");
  log.addOption(
    new Option("--limit <count>", "how many, from the end; 0: all")
      .argParser(wholeNumber(0, 1_000_000))
      .default(20),
  );

  const forceToken = command("force-token", "Make a token by which a tester chooses a path", () =>
    import("./commands/force-token.ts").then((module) => module.forceToken),
  );
  forceToken.addOption(
    new Option("--path <path>", "the path that it forces")
      .choices(["edgezero", "legacy"])
      .default("edgezero"),
  );
  forceToken.addOption(
    new Option("--expires <duration>", "how long it is good for, 7d at most")
      .argParser(upToWeek)
      .default(3_600_000, "1h"),
  );
  forceToken.addOption(
    new Option("--url <page>", "print a link that sets the cookie and leads there").argParser(
      httpUrl,
    ),
  );
  const mirror = command("mirror", "Keep a config file equal to a store, until it is ended", () =>
    import("./commands/mirror.ts").then((module) => module.mirror),
  );
  mirror.requiredOption("--from <url>", "the store that is read");
  mirror.requiredOption("--to <url>", "the file that is written, such as file:./rollout.json");
  mirror.addOption(
    new Option("--every <ms>", "how often the store is read, in milliseconds")
      .argParser(wholeNumber(20, 60_000))
      .default(250),
  );

  const start = command("new", "Write a small project to deploy a gateway from", () =>
    import("./commands/new-project.ts").then((module) => module.newProject),
  );
  start
    .argument("<gateway>", "node, cloudflare, fastly or nginx")
    .argument("<folder>", "a new one");

  command("version", "Show the version", () =>
    import("./commands/show-version.ts").then((module) => module.showVersion),
  );
  addControlCommands(command);
  addPlanCommands(command);
  return program;
}

/** Commands that share a first word, such as `plan`. */
function groupOf(program: Command, name: string): Command {
  const known = program.commands.find((command) => command.name() === name);
  if (known !== undefined) return known;
  const added = program.command(name).description("Examine or show a plan");
  return added.addHelpText("after", EXAMPLES[name] ?? "");
}

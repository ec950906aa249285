import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { CliError } from "./cli-error.ts";
import { EXAMPLES } from "./examples.ts";
import type { Outcome, Output } from "./output/output.ts";
import { createOutput } from "./output/output.ts";
import { secretsIn } from "./output/redact.ts";
import { VERSION } from "./version.ts";

/** A command's work, loaded when it is needed. */
type Action<Options> = (output: Output, options: Options, args: string[]) => Promise<Outcome>;

/** Runs the command line; gives the exit code. Never rejects. */
export async function run(args: readonly string[]): Promise<number> {
  const isJson = args.includes("--json");
  let exitCode = 0;
  const program = createProgram(async (name, action) => {
    const output = createOutput(name, isJson, secretsIn(process.env));
    try {
      exitCode = output.finish(await action(output));
    } catch (error) {
      exitCode = output.fail(error);
    }
  });
  try {
    if (args[0] === "completion" || args[0] === "complete") {
      const { addCompletion } = await import("./completion.ts");
      addCompletion(program);
    }
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    return failedToParse(error, isJson, args);
  }
}

function failedToParse(error: unknown, isJson: boolean, args: readonly string[]): number {
  // Help and the version were asked for, and are on standard output by now.
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const output = createOutput(args[0] ?? "", isJson, secretsIn(process.env));
  if (!(error instanceof CommanderError)) return output.fail(error);
  if (error.code === "commander.help") {
    return output.fail(new CliError("usage", "no command was given", { hint: "See --help." }));
  }
  const message = error.message.replace(/^error: /, "");
  return output.fail(new CliError("usage", message, { hint: "See --help." }));
}

type Runner = (name: string, action: (output: Output) => Promise<Outcome>) => Promise<void>;

/** The command line, as commander parses it. */
export function createProgram(runner: Runner): Command {
  const program = new Command("edgezero-rollout")
    .description("See, move and undo an EdgeZero rollout, and know that it took.")
    .version(VERSION)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .showSuggestionAfterError()
    .addHelpText("after", EXAMPLES["program"] ?? "");

  function command<Options>(
    name: string,
    description: string,
    load: () => Promise<Action<Options>>,
  ): Command {
    const added = program.command(name).description(description).helpCommand(false);
    added.option("--json", "one JSON document instead of text");
    if (EXAMPLES[name] !== undefined) added.addHelpText("after", EXAMPLES[name]);
    added.action(async () => {
      const options = added.opts<Record<string, unknown>>() as Options;
      await runner(name, async (output) => (await load())(output, options, added.args));
    });
    return added;
  }

  withProbes(
    withStore(
      command("status", "Show what is configured, and with --url what is served", async () => {
        return (await import("./commands/status.ts")).status;
      }),
    ),
    100,
  ).option("--watch", "show it anew every second, until Control-C");

  withWrite(
    withStore(
      command<SetOptions>("set", "Move the percentage", async () => {
        const { set } = await import("./commands/set.ts");
        return (output, options, [pct = ""]) => set(output, pct, options);
      }),
    ),
  )
    .addArgument(new Argument("<pct>", "a whole number, 0 to 100"))
    .option("--force", "go up by more than one stage of the plan");

  withWrite(
    withStore(
      command("enable", "Turn the master switch on", async () => {
        return (await import("./commands/switch.ts")).enable;
      }),
    ),
  );
  withWrite(
    withStore(
      command("disable", "Turn the master switch off: every client goes to legacy", async () => {
        return (await import("./commands/switch.ts")).disable;
      }),
    ),
  );

  withProbes(
    withReason(
      withStore(
        command("rollback", "Set 0 at once, and verify it", async () => {
          return (await import("./commands/rollback.ts")).rollback;
        }),
      ),
    ),
    50,
  )
    .option("--disable", "turn the master switch off, too")
    .addOption(
      new Option("--timeout <seconds>", "how long to try and to verify")
        .argParser(seconds)
        .default(30),
    );

  withWrite(
    withStore(
      command("init", "Create what is missing: both keys, and a plan", async () => {
        return (await import("./commands/init.ts")).init;
      }),
    ),
  );
  return program;
}

type SetOptions = import("./commands/set.ts").SetOptions;

function withStore(command: Command): Command {
  return command
    .addOption(new Option("--store <url>", "the store (EDGEZERO_STORE)").conflicts("env"))
    .option("--env <name>", "the environment of the config file")
    .option("--config <path>", "the config file")
    .option("--as <who>", "who acts, for the audit trail (EDGEZERO_OPERATOR)");
}

function withReason(command: Command): Command {
  return command.option("--reason <text>", "why, for the audit trail");
}

function withWrite(command: Command): Command {
  return withReason(command).option("--yes", "do not ask");
}

function withProbes(command: Command, count: number): Command {
  return command
    .addOption(
      new Option("--url <gateway>", "a gateway to probe; may be given again")
        .argParser(gatewayUrl)
        .default([], "none"),
    )
    .addOption(
      new Option("--probes <count>", "how many, for each url")
        .argParser(wholeNumber(1, 10_000))
        .default(count),
    );
}

function gatewayUrl(text: string, previous: readonly string[]): string[] {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError("It must be an http or https URL.");
  }
  return [...previous, url.href];
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

function seconds(text: string): number {
  const number = /^\d{1,6}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (number > 0) return number;
  throw new InvalidArgumentError("It must be a number of seconds, more than 0.");
}

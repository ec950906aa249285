import { secretsIn } from "@edgezero/stores/redact";
import { CommanderError } from "commander";
import { CliError } from "./cli-error.ts";
import { createOutput } from "./output/output.ts";
import { createProgram } from "./program.ts";

/** Runs the command line and gives the exit code. Never rejects. */
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
      await addCompletion(program);
    } else {
      // A stand-in for the help, since the real command is slow to load.
      program
        .command("completion")
        .argument("<shell>")
        .description("Print a script for a shell's completion: bash, zsh or fish");
    }
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    const isBare = error instanceof CommanderError && error.code === "commander.help";
    if (isBare && !isJson) program.outputHelp();
    return failedToParse(error, isJson, args);
  }
}

function failedToParse(error: unknown, isJson: boolean, args: readonly string[]): number {
  // Help or the version was asked for, and is on standard output by now.
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const output = createOutput(args[0] ?? "", isJson, secretsIn(process.env));
  if (!(error instanceof CommanderError)) return output.fail(error);
  if (error.code === "commander.help") {
    // Not 0: a script whose variable is empty has done nothing.
    return output.fail(new CliError("usage", "no command was given", { hint: "See --help." }));
  }
  const message = error.message.replace(/^error: /, "");
  return output.fail(new CliError("usage", message, { hint: "See --help." }));
}

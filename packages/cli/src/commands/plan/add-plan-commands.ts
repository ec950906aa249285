import type { Fault } from "@edgezero/progression/rehearsal";
import { FAULT_FORMS, parseFault } from "@edgezero/progression/rehearsal";
import type { Command } from "commander";
import { Option } from "commander";
import { wholeNumber } from "../../cli-options.ts";
import type { AddCommand } from "../../program.ts";
import { amount, refuse, withTraffic } from "./traffic-options.ts";

/** Adds the commands that read a plan, and no store. */
export function addPlanCommands(command: AddCommand): void {
  const lint = command("plan lint", "Find all that is wrong with a plan, or would not work", () =>
    import("./examine.ts").then((module) => module.lint),
  );
  withTraffic(withPlanFile(lint), false);

  const show = command("plan show", "Show a plan with every default filled in", () =>
    import("./examine.ts").then((module) => module.show),
  );
  withPlanFile(show);

  const preflight = command("preflight", "Say what each stage of a plan can show", () =>
    import("./examine.ts").then((module) => module.preflight),
  );
  const tail = new Option("--tail <index>", "how fast slow requests get rarer; higher: faster");
  withTraffic(withPlanFile(preflight), false).addOption(burst());
  preflight.option("--from <recording>", "a recording, or a source whose last day counts");
  preflight.addOption(tail.argParser(amount).default(2.5));

  const rehearse = command("rehearse", "Run a whole rollout on synthetic traffic", () =>
    import("./play.ts").then((module) => module.rehearse),
  );
  const fault = new Option("--fault <fault>", "such as errors=0.5%@10m+1h; repeatable");
  const runs = new Option("--runs <count>", "more than one: chances and times with intervals");
  withTraffic(withPlanFile(rehearse), true).addOption(burst());
  rehearse.addOption(fault.argParser(faults).default([], "no fault"));
  rehearse.addOption(runs.argParser(wholeNumber(1, 100_000)).default(1)).addOption(seed());

  const replay = command("replay", "Run recorded windows through a plan", () =>
    import("./play.ts").then((module) => module.replay),
  );
  withPlanFile(replay).requiredOption("--recording <file>", "NDJSON, or a source's last day");
  replay.addOption(seed());
}

function burst(): Option {
  const option = new Option("--burst <count>", "how many failures come together");
  return option.argParser(amount).default(1);
}

function seed(): Option {
  const option = new Option("--seed <number>", "the same seed, the same run");
  return option.argParser(wholeNumber(0, 999_999_999)).default(1);
}

function faults(text: string, before: readonly Fault[]): Fault[] {
  return [...before, parseFault(text) ?? refuse(`${FAULT_FORMS}, with @<from> and +<for>`)];
}

function withPlanFile(command: Command): Command {
  return command
    .argument("[file]", "a file with a plan; otherwise the config file's plan counts")
    .option("--env <name>", "the environment of the config file")
    .option("--config <path>", "the config file");
}

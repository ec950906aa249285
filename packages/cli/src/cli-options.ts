import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { durationMs } from "@edgezero/progression/plan";

/** Adds the options that choose a store and say who acts. A store and an environment exclude each other. */
export function withStore(command: Command): Command {
  return withTarget(command, storeOption().conflicts("env"));
}

/** Adds the same options where an environment gets its store: both may be given. */
export function withNewStore(command: Command): Command {
  return withTarget(command, storeOption());
}

function storeOption(): Option {
  return new Option("--store <url>", "the store (EDGEZERO_STORE)");
}

function withTarget(command: Command, store: Option): Command {
  return withEnvironment(command.addOption(store));
}

/** Adds the options that choose an environment and say who acts. */
export function withEnvironment(command: Command): Command {
  return command
    .option("--env <name>", "the environment of the config file")
    .option("--config <path>", "the config file")
    .option("--as <who>", "who acts, for the audit trail (EDGEZERO_OPERATOR)");
}

/** Adds the option that names the controller. */
export function withController(command: Command): Command {
  const option = new Option("--controller <url>", "the controller, if not that of the config file");
  return command.addOption(option.argParser((text) => httpUrl(text).href));
}

/** Adds the option that says why. */
export function withReason(command: Command): Command {
  return command.option("-m, --reason <text>", "why, for the audit trail");
}

/** Adds the options of a command that writes: a reason, and to see first what it would do. */
export function withDryRun(command: Command): Command {
  return withReason(command).option("--dry-run", "show what would be written, and write nothing");
}

/** Adds the options of a command that writes and may ask first. */
export function withWrite(command: Command): Command {
  return withDryRun(command).option("-y, --yes", "do not ask");
}

/** Adds the option that overrides the plan. */
export function withForce(command: Command): Command {
  return command.option("--force", "against the plan: skip stages or a hold; needs --reason");
}

/** Adds the options that name the gateways, and say how many instances each has. */
export function withGateways(command: Command): Command {
  return command
    .addOption(
      new Option("--url <gateway>", "a gateway to probe; may be given again")
        .argParser(gatewayUrl)
        .default([], "those of the config file"),
    )
    .addOption(
      new Option("--instances <count>", "how many instances of each must answer").argParser(
        wholeNumber(1, 1000),
      ),
    );
}

/** Adds the options of a command that probes gateways; `count` is the default for `--probes`. */
export function withProbes(command: Command, count: number): Command {
  return withGateways(command).addOption(
    new Option("--probes <count>", "how many, for each url, where they are not signed")
      .argParser(wholeNumber(1, 10_000))
      .default(count),
  );
}

/** The option of a time limit in seconds. */
export function timeoutOption(description: string): Option {
  return new Option("--timeout <seconds>", description).argParser(seconds).default(30);
}

function gatewayUrl(text: string, previous: readonly string[]): string[] {
  return [...previous, httpUrl(text).href];
}

/** Parses an option's http or https URL. */
export function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new InvalidArgumentError("It must be an http or https URL.");
}

/** Parses an option's duration in seconds, minutes, hours or days, at most 7 days, into milliseconds. */
export function upToWeek(text: string): number {
  const ms = durationMs(text) ?? 0;
  if (ms > 0 && ms <= 7 * 24 * 3_600_000) return ms;
  throw new InvalidArgumentError("It must be a duration such as 30m, 2h or 7d, which is the most.");
}

/** Parses an option's whole number, `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** Parses an option's seconds, more than 0. */
export function seconds(text: string): number {
  const number = /^\d{1,6}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (number > 0) return number;
  throw new InvalidArgumentError("It must be a number of seconds, more than 0.");
}

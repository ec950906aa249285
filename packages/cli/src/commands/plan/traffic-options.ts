import { parseAmount, parseRate, parseRps } from "@edgezero/progression/plan";
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";

/** What is known of a site's traffic. */
export interface TrafficOptions {
  readonly rps?: number | readonly number[] | undefined;
  readonly rate: Readonly<Record<string, number>>;
}

/** Adds the options that say what is known of the traffic. */
export function withTraffic(command: Command, isNeeded: boolean): Command {
  const rps = new Option("--rps <number>", "requests a second, or 24 numbers with commas");
  const rate = new Option("--rate <signal=rate>", "legacy's rate, such as errors=0.1%; repeatable");
  return command
    .addOption(rps.argParser(rpsOf).makeOptionMandatory(isNeeded))
    .addOption(rate.argParser(ratesOf).default({}, "unknown"));
}

function rpsOf(text: string): number | readonly number[] {
  return parseRps(text) ?? refuse("a number, or 24: one for each hour of the day");
}

function ratesOf(text: string, before: TrafficOptions["rate"]): TrafficOptions["rate"] {
  const [name, value] = parseRate(text) ?? refuse("a signal and its rate, such as errors=0.1%");
  return { ...before, [name]: value };
}

/** Parses an option's number of at least 0. */
export function amount(text: string): number {
  return parseAmount(text) ?? refuse("a number of at least 0");
}

export function refuse(allowed: string): never {
  throw new InvalidArgumentError(`It must be ${allowed}.`);
}

import type { Command } from "commander";
import { Option } from "commander";
import { ASKED } from "@edgezero/control-api/asked";
import { wholeNumber, withController, withEnvironment, withReason } from "../../cli-options.ts";
import type { AddCommand } from "../../program.ts";
import type { AskOptions } from "./ask.ts";

/** Adds the commands that talk to a controller. */
export function addControlCommands(command: AddCommand): void {
  const add = (name: keyof typeof ASKED): Command => {
    const added = command<AskOptions>(name, ASKED[name], () =>
      import("./ask.ts").then(
        ({ ask }) =>
          (output, options) =>
            ask(output, name, options),
      ),
    );
    return withReason(withController(withEnvironment(added)));
  };
  for (const name of ["start", "pause", "resume", "promote"] as const) add(name);
  const stage = new Option("--stage <number>", "the stage that the rollout is at, from 1");
  add("approve").addOption(stage.argParser(wholeNumber(1, 1000)).makeOptionMandatory());
  add("reset").option("--keep", "a new build at the same stage: its evidence and hold begin again");

  const explain = command("explain", "Say where the rollout is, and why it is not further", () =>
    import("./explain.ts").then((module) => module.explain),
  );
  withController(withEnvironment(explain));
  const history = command("history", "Show how the rollout went, for up to 30 days", () =>
    import("./explain.ts").then((module) => module.history),
  );
  for (const name of ["from", "to"]) history.option(`--${name} <time>`, "2026-11-26T12:00:00Z");
  history.option("--recording <file>", "write its windows to a file, for replay");
  withController(withEnvironment(history));
}

import { setTimeout as wait } from "node:timers/promises";
import type { CommandName } from "@edgezero/progression";
import type { Demo } from "./demo.ts";
import { ENVIRONMENT } from "./demo.ts";

/** How long the controller may take until it knows the store, in milliseconds. */
const MOST_MS = 30_000;
const PAUSE_MS = 250;

/** Sends a command to the demo's controller, and gives its sentence. Rejects where it is refused. */
export async function command(
  { controller }: Pick<Demo, "controller">,
  name: CommandName,
): Promise<string> {
  const { accepted, sentence } = await controller.command(ENVIRONMENT, {
    command: name,
    who: "demo",
    reason: "",
    id: crypto.randomUUID(),
  });
  if (!accepted) throw new Error(`the controller refused ${name}: ${sentence}`);
  return sentence;
}

/** Starts the rollout, once the controller has read 0 from the store. */
export async function begin(demo: Pick<Demo, "controller">): Promise<void> {
  const latest = Date.now() + MOST_MS;
  while ((await demo.controller.environment(ENVIRONMENT)).pct !== 0) {
    if (Date.now() > latest) throw new Error("the controller reads no 0 from the store");
    await wait(PAUSE_MS);
  }
  await command(demo, "start");
}

/** Heals, rolls back where anyone may be on EdgeZero, and starts the rollout from its first stage. */
export async function startAgain(demo: Pick<Demo, "controller" | "setFault">): Promise<void> {
  await demo.setFault(null);
  const state = await stateOf(demo);
  if (state === "warming-up") return;
  if (state !== "idle") {
    if (state !== "rolled-back") await command(demo, "rollback");
    await rolledBack(demo);
    await command(demo, "reset");
  }
  await begin(demo);
}

async function stateOf({ controller }: Pick<Demo, "controller">): Promise<string> {
  return (await controller.environment(ENVIRONMENT)).state;
}

async function rolledBack(demo: Pick<Demo, "controller">): Promise<void> {
  const latest = Date.now() + MOST_MS;
  while ((await stateOf(demo)) !== "rolled-back") {
    if (Date.now() > latest) throw new Error("the rollback is not proven yet: try again");
    await wait(PAUSE_MS);
  }
}

import type { RolloutPath } from "@edgezero/rollout";
import { Hono } from "hono";

const GREETING: Record<RolloutPath, string> = {
  legacy: "Hello from legacy, the trusted path.\n",
  edgezero: "Hello from EdgeZero, the new path.\n",
};

/** A small site to stand behind a path while there is no origin: it says which path it is. */
export function createBuiltInHandler(
  path: RolloutPath,
): (request: Request) => Response | Promise<Response> {
  const site = new Hono().all("*", (context) => context.text(GREETING[path]));
  return (request) => site.fetch(request);
}

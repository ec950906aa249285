import { expect } from "vitest";
import type { ForceOptions } from "../src/force/index.ts";
import { createForce, mintForceToken } from "../src/force/index.ts";
import { attributedGateway } from "./attributed-gateway.ts";
import { storeOf } from "./scripted-store.ts";

export const SECRET = "a secret of 32 characters, no less";

/** A token of {@link SECRET} for a path, good for an hour. */
export function tokenFor(path: "legacy" | "edgezero"): Promise<string> {
  return mintForceToken({ secret: SECRET, path, lifetimeMs: 3_600_000 });
}

/** Where a request with these headers is served, at 100 % unless told otherwise. */
export async function pathOf(
  headers: Record<string, string>,
  {
    configStore = storeOf("1", "100"),
    ...options
  }: Partial<ForceOptions & { configStore: ReturnType<typeof storeOf> }> = {},
) {
  const force = createForce<Request>({ secret: SECRET, ...options });
  const { events, send } = attributedGateway({ override: force.override }, { configStore });
  const response = await send(new Request("https://site.example/", { headers }));
  const path = response.headers.get("x-edgezero-path");
  expect(await response.text()).toBe(`from ${path}`);
  expect(events).toMatchObject([{ path, status: 200 }]);
  const isForced = events[0]?.reason === "forced";
  expect(events[0]?.excluded).toBe(isForced ? "forced" : null);
  return isForced ? `forced to ${path}` : path;
}

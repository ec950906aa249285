import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import type { GatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { COLLECTED } from "./collected.ts";

/** Settings with which a gateway collects its garbage when {@link heldMegabytes} asks for it. */
export const COLLECTS_ON_REQUEST: Readonly<Record<string, string>> = {
  NODE_OPTIONS: `--expose-gc --import=${new URL("collect.ts", import.meta.url).href}`,
};

/** Resident memory of a gateway without its garbage: a collection that is still due is no harm. */
export async function heldMegabytes(gateway: GatewayProcess): Promise<number> {
  const collections = (): number => gateway.logged().filter(({ msg }) => msg === COLLECTED).length;
  const before = collections();
  gateway.child.kill("SIGUSR2");
  await expect.poll(collections, { timeout: 20_000 }).toBeGreaterThan(before);
  return megabytes(gateway, "VmRSS");
}

/** The memory that a gateway holds once it is below `limit`, or that it still holds after 20 s. */
export async function settledMegabytes(gateway: GatewayProcess, limit: number): Promise<number> {
  const until = performance.now() + 20_000;
  let held = await heldMegabytes(gateway);
  while (held >= limit && performance.now() < until) {
    await wait(500);
    held = await heldMegabytes(gateway);
  }
  return held;
}

/** The most resident memory that a gateway had since its start, garbage included. */
export function peakMegabytes(gateway: GatewayProcess): number {
  return megabytes(gateway, "VmHWM");
}

function megabytes({ child }: GatewayProcess, line: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  return Number(new RegExp(`^${line}:\\s+(\\d+)`, "m").exec(status)?.[1]) / 1024;
}

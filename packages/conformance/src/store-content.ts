import type { RolloutPath } from "@edgezero/rollout";
import type { FailSafeCase, StoreContent } from "./fail-safe-cases.ts";
import { FAIL_SAFE_CASES } from "./fail-safe-cases.ts";
import type { KnownClient, Runtime, RuntimeUnderTest } from "./runtime.ts";

/** The cases whose store a runtime can have. */
export function casesOf({ unreadableKeys }: Runtime): FailSafeCase[] {
  return FAIL_SAFE_CASES.filter(
    ({ store }) => !isUnreadable(store) || unreadableKeys.includes(store.unreadable),
  );
}

/** Lets a gateway's store hold something. */
export async function hold(gateway: RuntimeUnderTest, store: StoreContent): Promise<void> {
  await (isUnreadable(store) ? gateway.makeUnreadable(store.unreadable) : gateway.write(store));
}

/** The clients of a case, and the path of each: where the bucket decides, one client on each side. */
export function expectedPaths(
  { clients }: Pick<Runtime, "clients">,
  { path, rolloutPct }: FailSafeCase,
): [KnownClient, RolloutPath][] {
  const sorted = clients.toSorted((a, b) => a.bucket - b.bucket);
  const below = sorted.findLast(({ bucket }) => bucket < rolloutPct) ?? sorted[0];
  const above = sorted.find(({ bucket }) => bucket >= rolloutPct) ?? sorted[0];
  if (below === undefined || above === undefined) throw new Error("there are no clients");
  if (path !== "by bucket") return [[below, path]];
  return [
    [below, "edgezero"],
    [above, "legacy"],
  ];
}

function isUnreadable(store: StoreContent): store is { readonly unreadable: string } {
  return store !== null && "unreadable" in store;
}

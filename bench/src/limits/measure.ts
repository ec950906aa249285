import type { Burst } from "./burst.ts";
import { measureBurst } from "./burst.ts";
import type { EarlyRefusal } from "./early-refusal.ts";
import { measureEarlyRefusal } from "./early-refusal.ts";
import type { Idle } from "./idle.ts";
import { measureIdle } from "./idle.ts";

/** What `bench:limits` finds. */
export interface LimitData {
  readonly burst: Burst;
  readonly idle: Idle;
  readonly earlyRefusal: EarlyRefusal;
}

/** How much is measured. */
export interface LimitScale {
  readonly requests: number;
  readonly connections: number;
  readonly megabytes: number;
  readonly uploads: number;
}

/** Measures the Node gateway where clients or origins go to their limits. */
export async function measureLimits(scale: LimitScale): Promise<LimitData> {
  return {
    burst: await measureBurst(scale.requests),
    idle: await measureIdle(scale.connections),
    earlyRefusal: await measureEarlyRefusal(scale.megabytes, scale.uploads),
  };
}

import type { NginxIdle } from "./idle.ts";
import { measureNginxIdle } from "./idle.ts";
import type { Obeyed } from "./obeyed.ts";
import { measureObeyed } from "./obeyed.ts";
import type { NginxPairs, PairScale } from "./pairs.ts";
import { measureNginxPairs } from "./pairs.ts";

/** What `bench:nginx` finds. */
export interface NginxData {
  readonly pairs: NginxPairs;
  readonly obeyed: Obeyed;
  readonly idle: NginxIdle;
}

/** How much is measured. */
export interface NginxScale {
  readonly pairs: PairScale;
  readonly writes: number;
  readonly connections: number;
}

/** Measures the gateway on nginx. */
export async function measureNginx(scale: NginxScale): Promise<NginxData> {
  return {
    pairs: await measureNginxPairs(scale.pairs),
    obeyed: await measureObeyed(scale.writes),
    idle: await measureNginxIdle(scale.connections),
  };
}

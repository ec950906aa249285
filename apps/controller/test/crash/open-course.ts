import { join } from "node:path";
import { fileLease } from "@edgezero/operations/journal/file/file-lease";
import type { RunningRollout } from "../../src/environment/running-rollout.ts";
import { createProber } from "../../src/loop/probe-round.ts";
import { SIMULATED } from "../simulated-site.ts";
import type { Stage } from "../stage.ts";
import { leaseWithBoundaries, withBoundaries } from "./boundaries.ts";
import type { Course } from "./courses.ts";
import { PROBE_SECRET } from "./probed-gateway.ts";

/** Of the machine's time: on a busy one the gateway of a course answers late. What never follows fails all the same. */
const PROOF_MS = 120_000;
const MEANS = { instances: 1, isCounted: true, needed: 10 };

/** A rollout of a course, led by the lease of a controller. */
export interface OpenCourse {
  readonly rollout: RunningRollout;
  /** Ends it as a controller does: the rollout first, and then the lease. */
  end(): Promise<void>;
}

/** @param url The gateway that answers probes; `""` where there is no gateway. */
export async function openCourse(
  stage: Stage,
  { plan, probes }: Course,
  url: string,
  onBoundary: (name: string) => void,
): Promise<OpenCourse> {
  const lease = leaseWithBoundaries(fileLease(join(stage.folder, "test.lease")), onBoundary);
  const attempt = await lease.take("controller@test");
  if (attempt.kind === "following") throw new Error(`led by ${attempt.holder.pid}`);
  const { term } = attempt;
  const urls = url === "" ? [] : [url];
  const place = { urls, secret: PROBE_SECRET, means: MEANS, leads: async () => term.renew() };
  const prober = createProber(place) ?? { round: async () => ({ instances: 1, carrying: 1 }) };
  const rollout = await stage.open(withBoundaries(stage.ports(), stage, onBoundary), {
    plan,
    place: probes ? place : { leads: place.leads },
    prober: probes ? prober : null,
    site: { ...SIMULATED, probes },
    proofMs: PROOF_MS,
  });
  return {
    rollout,
    async end() {
      await rollout.close();
      await term.release();
    },
  };
}

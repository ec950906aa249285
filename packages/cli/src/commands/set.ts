import { EDGEZERO_ROLLOUT_PCT_KEY, parseRolloutPct } from "@edgezero/rollout";
import { readTrail } from "@edgezero/operations/journal/read-trail";
import { trailStateOf } from "@edgezero/operations/journal/trail-state";
import { CliError } from "../cli-error.ts";
import { confirm } from "../output/ask.ts";
import { durationText } from "../output/duration.ts";
import type { Outcome, Output } from "../output/output.ts";
import { blastRadius } from "@edgezero/operations/change/blast-radius";
import { makeChange } from "../rollout/make-change.ts";
import type { Plan } from "@edgezero/progression/plan/plan";
import { holdMs, nextStagePct, stageAt } from "@edgezero/progression/plan/plan";
import type { Reading } from "@edgezero/operations/reading";
import { readingOf } from "@edgezero/operations/reading";
import type { CommonOptions, Session } from "../session.ts";
import { withSession } from "../session.ts";
import { changeOutcome } from "./change-outcome.ts";

/** The options of every command that writes. */
export interface WriteOptions extends CommonOptions {
  readonly yes?: boolean | undefined;
  readonly reason?: string | undefined;
}

/** The options of `set`. */
export interface SetOptions extends WriteOptions {
  readonly force?: boolean | undefined;
}

/** `set <pct>`: moves the percentage. */
export async function set(output: Output, text: string, options: SetOptions): Promise<Outcome> {
  const pct = parseRolloutPct(text);
  if (pct === null) {
    throw new CliError("usage", `${JSON.stringify(text)} is not a whole number from 0 to 100`, {
      hint: "Give it without a per cent sign, such as `set 10`.",
    });
  }
  return withSession(output, options, async (session) => {
    const before = await readingOf(await session.store.read());
    const to = { [EDGEZERO_ROLLOUT_PCT_KEY]: String(pct) };
    const fromPct = before.storedPct ?? 0;
    const radius = radiusText(before, fromPct, pct);
    if (before.values[EDGEZERO_ROLLOUT_PCT_KEY] === String(pct)) {
      return changeOutcome({
        session,
        before,
        after: before,
        radius: "nothing to write",
        notices: [],
      });
    }
    checkStage(session.target.plan, fromPct, pct, options);
    output.say(radius);
    if (pct > fromPct) {
      await warnOfHold(session, fromPct);
      if (!options.yes) await confirm(output, `Write ${pct} to ${session.store.location}?`);
    }
    const shown = before.values;
    const reason = options.reason ?? null;
    const { after, notices } = await makeChange(session, { command: "set", to, reason, shown });
    return changeOutcome({ session, before, after, radius, notices });
  });
}

function radiusText({ state }: Reading, fromPct: number, pct: number): string {
  const radius = blastRadius(fromPct, pct);
  return state.enabled
    ? radius
    : `${fromPct}% → ${pct}%: nobody moves until \`enable\`, since the switch is off`;
}

function checkStage(plan: Plan | null, fromPct: number, pct: number, { force }: SetOptions): void {
  if (plan === null || force || pct <= fromPct) return;
  const next = nextStagePct(plan, fromPct);
  if (pct <= next) return;
  throw new CliError(
    "refused",
    `${pct}% is more than one stage of the plan up from ${fromPct}%: the next stage is ${next}%`,
    {
      hint: "Nothing was written. Go stage by stage, or give --force.",
      details: { nextStagePct: next },
    },
  );
}

/** Says so when the present stage has not been held for as long as the plan asks. */
async function warnOfHold({ target, output }: Session, fromPct: number): Promise<void> {
  const stage = stageAt(target.plan ?? [], fromPct);
  if (stage === undefined) return;
  const trail = await readTrail(target.trail.trail).catch(() => null);
  const since = trailStateOf(trail?.entries ?? []).lastChange?.result.at;
  if (since === undefined) return;
  const heldMs = Date.now() - Date.parse(since);
  if (heldMs < (holdMs(stage.hold) ?? 0)) {
    const text = `the plan holds ${fromPct}% for ${stage.hold}; the last change was ${durationText(heldMs)} ago`;
    output.say(output.errorPaint.warn(text));
  }
}

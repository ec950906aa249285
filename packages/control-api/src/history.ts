import { z } from "zod";
import type { Reason, ViewState } from "./words.ts";
import { REASONS, STATES } from "./words.ts";

/** A state that a rollout came to. */
export interface StateChange {
  /** In milliseconds of the epoch. */
  readonly at: number;
  readonly state: ViewState;
  /** Why it was not further; `null` where nothing kept it back. */
  readonly reason: Reason | null;
}

/**
 * How a rollout went, oldest first, in columns: the numbers at one index belong together, and are of one
 * reading. Where there were more readings than points, those with the lowest and the highest values are
 * shown, and those around a change of the configured percentage.
 */
export interface History {
  /** In milliseconds of the epoch. */
  readonly at: readonly number[];
  /** The percentage in the store; `null` where it was not known. */
  readonly pct: readonly (number | null)[];
  /** EdgeZero's part of the clients, or of the requests, 0 to 1. `null` where it was not known. */
  readonly share: readonly (number | null)[];
  /** Each signal's value of late, on the scale of its estimate. `null` where it had none. */
  readonly signals: Readonly<Record<string, readonly (number | null)[]>>;
  /**
   * The states, from the one that the first point is in. Absent where points of elsewhere were joined to
   * them, as a page does that goes on by views.
   */
  readonly states?: readonly StateChange[] | undefined;
}

export const NO_HISTORY: History = { at: [], pct: [], share: [], signals: {} };

const column = z.array(z.number().nullable());
const time = z.number().min(0).describe("Milliseconds of the epoch.");

const stateChange: z.ZodType<StateChange> = z
  .object({ at: time, state: z.enum(STATES), reason: z.enum(REASONS).nullable() })
  .meta({ id: "StateChange" });

export const history: z.ZodType<History> = z
  .object({
    at: z.array(time).describe("Milliseconds of the epoch, ascending."),
    pct: column.describe("The percentage in the store."),
    share: column.describe("EdgeZero's part, 0 to 1."),
    signals: z
      .record(z.string(), column)
      .describe("Each signal's value of late, on the scale of its estimate."),
    states: z
      .array(stateChange)
      .optional()
      .describe("The states, from the one that the first point is in."),
  })
  .meta({ id: "History" });

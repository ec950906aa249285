import type { CommandName } from "@edgezero/progression";
import { z } from "zod";
import { COMMANDS } from "./words.ts";

/** What an operator asks of a controller. */
export interface CommandRequest {
  readonly command: CommandName;
  /** Of `approve`: the number of the stage, from 1. */
  readonly stage?: number | undefined;
  /** Of `reset`: a new build at the same stage. */
  readonly keep?: boolean | undefined;
  /** Who asks, for the audit trail. */
  readonly who: string;
  /** Why, for the audit trail; `""` where nobody says. */
  readonly reason: string;
  /** Makes it idempotent: a second request with it gets the answer to the first one. */
  readonly id: string;
}

/** What became of a command. */
export interface CommandAnswer {
  readonly id: string;
  readonly command: CommandName;
  readonly accepted: boolean;
  /** What it did, or why not. */
  readonly sentence: string;
  /** When it was answered first, in milliseconds of the epoch. */
  readonly at: number;
  /** Whether this answer was given before, to the same id. */
  readonly repeated: boolean;
}

const WHO = "1 to 200 characters";
const REASON = "at most 500 characters";
const ID = "1 to 100 of the characters A-Z a-z 0-9 . _ : -";

export const commandRequest: z.ZodType<CommandRequest> = z
  .strictObject({
    command: z.enum(COMMANDS),
    stage: z.int().min(1).max(1000).optional().describe("Of approve: the stage, from 1."),
    keep: z.boolean().optional().describe("Of reset: a new build at the same stage."),
    who: z.string().min(1, WHO).max(200, WHO).describe("Who asks, for the audit trail."),
    reason: z.string().max(500, REASON).default("").describe("Why, for the audit trail."),
    id: z
      .string()
      .regex(/^[\w.:-]{1,100}$/, ID)
      .describe("Makes it idempotent: a second request with it gets the answer to the first one."),
  })
  .refine(({ command, stage }) => (command === "approve") === (stage !== undefined), {
    path: ["stage"],
    message: "given with approve, and only with it",
  })
  .refine(({ command, keep }) => keep === undefined || command === "reset", {
    path: ["keep"],
    message: "only with reset",
  })
  .meta({ id: "CommandRequest" });

export const commandAnswer: z.ZodType<CommandAnswer> = z
  .object({
    id: z.string(),
    command: z.enum(COMMANDS),
    accepted: z.boolean(),
    sentence: z.string().describe("What it did, or why not."),
    at: z.number().min(0),
    repeated: z.boolean().describe("Whether this answer was given before, to the same id."),
  })
  .meta({ id: "CommandAnswer" });

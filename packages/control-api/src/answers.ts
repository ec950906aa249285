import { z } from "zod";
import type { EnvironmentView } from "./environment-view.ts";
import { environmentView } from "./environment-view.ts";

/** Why a request was not served. */
export type ErrorCode =
  | "bad-request"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "too-large"
  | "too-many"
  | "unsupported"
  | "timed-out"
  | "internal";

/** The body of every answer that is no success, but for a refused command and refused events. */
export interface ErrorAnswer {
  readonly error: { readonly code: ErrorCode; readonly sentence: string };
}

/** The answer to `GET environments`. */
export interface EnvironmentList {
  readonly environments: readonly EnvironmentView[];
}

export const errorAnswer: z.ZodType<ErrorAnswer> = z
  .object({
    error: z.object({
      code: z.enum([
        "bad-request",
        "unauthorized",
        "forbidden",
        "not-found",
        "too-large",
        "too-many",
        "unsupported",
        "timed-out",
        "internal",
      ]),
      sentence: z.string(),
    }),
  })
  .meta({ id: "Error" });

export const environmentList: z.ZodType<EnvironmentList> = z
  .object({ environments: z.array(environmentView) })
  .meta({ id: "EnvironmentList" });

import { z } from "zod";
import { holdMs } from "@edgezero/progression/plan/plan";

const stage = z.strictObject({
  pct: z.int().min(1).max(100),
  hold: z.string().refine((text) => holdMs(text) !== null, "a duration such as 30m, 2h or 1d"),
});

const plan = z
  .array(stage)
  .min(1)
  .refine(
    (stages) => stages.every(({ pct }, i) => i === 0 || pct > (stages[i - 1]?.pct ?? 0)),
    "stages whose percentages rise",
  );

const environment = z.strictObject({
  store: z.string().min(1),
  plan: plan.optional(),
  audit: z.string().min(1).optional(),
});

/** What a config file may hold. */
export const configSchema: z.ZodType<RolloutConfig> = z
  .strictObject({
    $schema: z.string().optional(),
    plan: plan.optional(),
    defaultEnvironment: z.string().optional(),
    environments: z.record(z.string().regex(/^[\w.-]+$/), environment).optional(),
  })
  .refine(
    ({ defaultEnvironment, environments }) =>
      defaultEnvironment === undefined || Object.hasOwn(environments ?? {}, defaultEnvironment),
    { path: ["defaultEnvironment"], message: "the name of one of the environments" },
  );

/** A stage of a plan, as the config file has it. */
export interface StageConfig {
  /** A whole number, 1 to 100. */
  pct: number;
  /** How long to stay there before the next stage: `30m`, `2h`, `1d`. */
  hold: string;
}

/** A store that goes by a name. */
export interface EnvironmentConfig {
  /** The store's URL; the path of a `file:` URL is relative to the config file. */
  store: string;
  /** Stands instead of the plan for all environments. */
  plan?: StageConfig[] | undefined;
  /** The path of the audit trail, relative to the config file. */
  audit?: string | undefined;
}

/** The content of `edgezero.config.ts` or `edgezero.config.json`. */
export interface RolloutConfig {
  $schema?: string | undefined;
  /** The stages of every environment that has none of its own. */
  plan?: StageConfig[] | undefined;
  /** The environment that is meant where none is named. */
  defaultEnvironment?: string | undefined;
  environments?: Record<string, EnvironmentConfig> | undefined;
}

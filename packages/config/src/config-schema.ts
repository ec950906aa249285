import type { ParsedStages } from "@edgezero/progression/plan";
import { parseStages } from "@edgezero/progression/plan";
import { z } from "zod";

/** A plan, by the rules of the plan's own parser. */
const plan = z.custom<StageConfig[]>().superRefine((data, context) => {
  const parsed: ParsedStages = parseStages(data);
  if (parsed.plan !== null) return;
  for (const { place, message } of parsed.findings) {
    context.addIssue({ code: "custom", path: [...place], message });
  }
});

const environment = z.strictObject({
  store: z.string().min(1),
  plan: plan.optional(),
  audit: z.string().min(1).optional(),
});

/** The valid contents of a config file. */
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

/** A store with a name. */
export interface EnvironmentConfig {
  /** The store's URL; the path of a `file:` URL is relative to the config file. */
  store: string;
  /** Replaces the plan for all environments. */
  plan?: StageConfig[] | undefined;
  /** The path of the audit trail, relative to the config file. */
  audit?: string | undefined;
}

/** The content of `edgezero.config.ts` or `edgezero.config.json`. */
export interface RolloutConfig {
  $schema?: string | undefined;
  /** The stages of every environment without a plan of its own. */
  plan?: StageConfig[] | undefined;
  /** The environment that counts where a command names no environment. */
  defaultEnvironment?: string | undefined;
  environments?: Record<string, EnvironmentConfig> | undefined;
}

import type { ParsedStages } from "@edgezero/progression/plan";
import { parseStages } from "@edgezero/progression/plan";
import { z } from "zod";
import { isCounted } from "./is-counted.ts";

const OPERATOR = "1 to 200 characters";
const ROOM = "a whole number from 1 to 1000";

/** A plan, by the rules of the plan's own parser. */
const plan = z.custom<StageConfig[]>().superRefine((data, context) => {
  const parsed: ParsedStages = parseStages(data);
  if (parsed.plan !== null) return;
  for (const { place, message } of parsed.findings) {
    context.addIssue({ code: "custom", path: [...place], message });
  }
});

const gatewayUrl = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    "an http or https URL",
  );

const environment = z
  .strictObject({
    store: z.string().min(1).describe("The store's URL; a file's path is relative to this file."),
    plan: plan.optional(),
    audit: z.string().min(1).describe("The path of the audit trail.").optional(),
    operator: z
      .string()
      .min(1, OPERATOR)
      .max(200, OPERATOR)
      .describe("Who acts, for the audit trail.")
      .optional(),
    urls: z.array(gatewayUrl).describe("The gateways to probe.").optional(),
    instances: z
      .int(ROOM)
      .min(1, ROOM)
      .max(1000, ROOM)
      .describe("How many answer behind each URL.")
      .optional(),
    probe: z
      .strictObject({
        secretEnv: z
          .string()
          .regex(/^[A-Za-z_]\w*$/, "the name of an environment variable")
          .describe("The environment variable that has the secret of probes."),
      })
      .optional(),
  })
  .refine(({ store, instances }) => instances === undefined || isCounted(store), {
    path: ["instances"],
    message: "not for a Cloudflare or Fastly store, whose isolates cannot be counted",
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
  /** Who acts, for the audit trail, where neither `--as` nor `EDGEZERO_OPERATOR` says it. */
  operator?: string | undefined;
  /** The gateways, which commands probe where no `--url` is given: http or https URLs. */
  urls?: string[] | undefined;
  /**
   * How many instances must answer behind each URL, 1 to 1000. Refused for Cloudflare and Fastly,
   * whose isolates cannot be counted.
   */
  instances?: number | undefined;
  /** The signed probes. */
  probe?: ProbeConfig | undefined;
}

/** How a command signs its probes. */
export interface ProbeConfig {
  /** The environment variable that has the secret; `EDGEZERO_PROBE_SECRET` unless given. */
  secretEnv: string;
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

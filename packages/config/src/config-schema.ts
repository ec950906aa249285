import type { ParsedPlan } from "@edgezero/progression/plan";
import { parsePlan } from "@edgezero/progression/plan";
import { z } from "zod";
import { isCounted } from "./is-counted.ts";
import type { JournalConfig } from "./journal-config.ts";
import { journalSchema, sharedJournals } from "./journal-config.ts";
import type { NotifyConfig } from "./notify-config.ts";
import { notifySchema } from "./notify-config.ts";
import type { PlanConfig } from "./plan-input.ts";

const OPERATOR = "1 to 200 characters";
const ROOM = "a whole number from 1 to 1000";

/** A plan, by the rules of the plan's own parser. */
const plan = z.custom<PlanConfig>().superRefine((data, context) => {
  const parsed: ParsedPlan = parsePlan(data);
  if (parsed.plan !== null) return;
  for (const { place, message, allowed } of parsed.findings) {
    const path = place.split("/").slice(1).map(unescaped);
    context.addIssue({ code: "custom", path, message: `${message} (allowed: ${allowed})` });
  }
});

/** A part of a JSON pointer as it was before. */
function unescaped(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}
const variableName = z.string().regex(/^[A-Za-z_]\w*$/, "the name of an environment variable");

const SOURCE = "a source such as scrape:http://127.0.0.1:9464/metrics";

/** A source of evidence. What it means is the rule of the package that reads it. */
const source = z.union([
  z.string().min(1, SOURCE),
  z.strictObject({
    url: z.string().min(1, SOURCE).describe("Such as prometheus:https://prometheus.internal."),
    tokenEnv: variableName.describe("The variable that has a bearer token.").optional(),
    tokenFile: z.string().min(1).describe("The file that has a bearer token.").optional(),
    user: z.string().min(1).describe("The name of a user, for basic auth.").optional(),
    passwordEnv: variableName.describe("The variable that has the user's password.").optional(),
    caFile: z.string().min(1).describe("Certificates of authorities to trust, in PEM.").optional(),
    match: z
      .record(z.string(), z.string())
      .describe("Labels of the gateways' series in Prometheus, such as job.")
      .optional(),
    delayMs: z
      .int()
      .min(0)
      .max(3_600_000)
      .describe("How late its newest data is by its nature, in milliseconds.")
      .optional(),
  }),
]);

/** Sources of evidence, of which the first one also counts the traffic. */
export const evidenceSources: z.ZodType<(string | SourceConfig)[]> = z.array(source).min(1);

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
    audit: z
      .string()
      .min(1)
      .describe("The path of the audit trail, where it is a file.")
      .optional(),
    journal: journalSchema.optional(),
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
        secretEnv: variableName.describe("The environment variable that has the secret of probes."),
      })
      .optional(),
    evidence: evidenceSources
      .describe("Where a controller reads evidence; the first one also counts the traffic.")
      .optional(),
    controller: z
      .strictObject({
        url: gatewayUrl.describe("Where commands find the controller."),
        tokenEnv: variableName
          .describe("The environment variable that has the controller's token.")
          .optional(),
      })
      .optional(),
    notify: notifySchema.optional(),
  })
  .refine(({ store, instances }) => instances === undefined || isCounted(store), {
    path: ["instances"],
    message: "not for a Cloudflare or Fastly store, whose isolates cannot be counted",
  })
  .refine(({ audit, journal }) => audit === undefined || journal === undefined, {
    path: ["journal"],
    message: "one of audit and journal: a trail is in a file or in Redis",
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
  )
  .superRefine(({ environments = {} }, context) => {
    for (const [name, other] of sharedJournals(environments)) {
      const message = `a place of its own: it is that of environment ${other}; ?key=<name> tells them apart`;
      context.addIssue({ code: "custom", path: ["environments", name, "journal"], message });
    }
  });

/** A source of evidence with its access. Secrets are named, never given. */
export interface SourceConfig {
  /** Such as `prometheus:https://prometheus.internal`. */
  url: string;
  tokenEnv?: string | undefined;
  tokenFile?: string | undefined;
  user?: string | undefined;
  passwordEnv?: string | undefined;
  caFile?: string | undefined;
  match?: Record<string, string> | undefined;
  /** In milliseconds. */
  delayMs?: number | undefined;
}

/** Where commands find the controller of an environment. */
export interface ControllerConfig {
  url: string;
  /** The environment variable that has its token. */
  tokenEnv?: string | undefined;
}

/** A store with a name. */
export interface EnvironmentConfig {
  /** The store's URL; the path of a `file:` URL is relative to the config file. */
  store: string;
  /** Replaces the plan for all environments. */
  plan?: PlanConfig | undefined;
  /** The path of the audit trail, relative to the config file, where it is a file. */
  audit?: string | undefined;
  /** The Redis that has the audit trail, where all operators and the controller meet. */
  journal?: JournalConfig | undefined;
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
  /** Where a controller reads evidence. An environment without it has no controller. */
  evidence?: (string | SourceConfig)[] | undefined;
  controller?: ControllerConfig | undefined;
  /** Whom the controller tells of incidents: at most 10 receivers. */
  notify?: NotifyConfig[] | undefined;
}

/** How a command signs its probes. */
export interface ProbeConfig {
  /** The environment variable that has the secret; `EDGEZERO_PROBE_SECRET` unless given. */
  secretEnv: string;
}

/** The content of `edgezero.config.ts` or `edgezero.config.json`. */
export interface RolloutConfig {
  $schema?: string | undefined;
  /** The plan of every environment without a plan of its own. */
  plan?: PlanConfig | undefined;
  /** The environment that counts where a command names no environment. */
  defaultEnvironment?: string | undefined;
  environments?: Record<string, EnvironmentConfig> | undefined;
}

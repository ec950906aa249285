import { z } from "zod";

/** The forms in which a receiver can be told. */
export const NOTIFY_FORMATS = ["cloudevents", "slack"] as const;

/** Someone whom a controller tells of incidents, by HTTP. Secrets are named, never given. */
export interface NotifyConfig {
  /** A name for logs, metrics and the API. It identifies the receiver: messages that wait go on to it. */
  name: string;
  /** An https URL; http is for `allowPrivate` alone. */
  url?: string | undefined;
  /** The environment variable that has the URL, where the URL is a secret, as that of Slack is. */
  urlEnv?: string | undefined;
  /**
   * `cloudevents` (default): CloudEvents in JSON, signed as Standard Webhooks are. `slack`: a text for
   * people, as Slack's incoming webhooks take it; not signed.
   */
  format?: (typeof NOTIFY_FORMATS)[number] | undefined;
  /** The environment variable that has the secret of the signature: `whsec_` and 24 to 64 bytes in base64. */
  secretEnv?: string | undefined;
  /** Whether the URL may lead to a private network. Default false. */
  allowPrivate?: boolean | undefined;
  /** Certificates of authorities to trust, in PEM; relative to where the controller was started. */
  caFile?: string | undefined;
}

const NAME = "1 to 50 of the characters A-Z a-z 0-9 . _ -";
const variableName = z.string().regex(/^[A-Za-z_]\w*$/, "the name of an environment variable");

/** Which fields go together, and what to say where they do not. */
const RULES: readonly {
  readonly field: keyof NotifyConfig;
  readonly isKept: (given: NotifyConfig) => boolean;
  readonly message: string;
}[] = [
  {
    field: "url",
    isKept: ({ url, urlEnv }) => (url === undefined) !== (urlEnv === undefined),
    message: "either url or urlEnv, and not both",
  },
  {
    field: "url",
    isKept: ({ url, allowPrivate }) => url === undefined || isUsable(url, allowPrivate ?? false),
    message: "an https URL without a user; http only with allowPrivate",
  },
  {
    field: "secretEnv",
    isKept: ({ format, secretEnv }) => format === "slack" || secretEnv !== undefined,
    message: "needed to sign: the environment variable that has the secret",
  },
  {
    field: "secretEnv",
    isKept: ({ format, secretEnv }) => format !== "slack" || secretEnv === undefined,
    message: "not with slack, which checks no signature",
  },
];

/** Whether a receiver may have this URL. What its host leads to is checked when it is connected to. */
export function isUsable(url: string, allowPrivate: boolean): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  const isOpen = protocol === "https:" || (allowPrivate && protocol === "http:");
  return isOpen && username === "" && password === "";
}

const receiver: z.ZodType<NotifyConfig, NotifyConfig> = z
  .strictObject({
    name: z
      .string()
      .regex(/^[\w.-]{1,50}$/, NAME)
      .describe("Identifies the receiver in logs, metrics and the API."),
    url: z.string().min(1).describe("An https URL; http only with allowPrivate.").optional(),
    urlEnv: variableName
      .describe("The variable that has the URL, where the URL is a secret.")
      .optional(),
    format: z.enum(NOTIFY_FORMATS).describe("Default cloudevents.").optional(),
    secretEnv: variableName
      .describe("The variable that has the secret of the signature: whsec_ and base64.")
      .optional(),
    allowPrivate: z.boolean().describe("Whether it may be in a private network.").optional(),
    caFile: z.string().min(1).describe("Certificates of authorities to trust, in PEM.").optional(),
  })
  .superRefine((given, context) => {
    for (const { field, isKept, message } of RULES) {
      if (!isKept(given)) context.addIssue({ code: "custom", path: [field], message });
    }
  });

export const notifySchema: z.ZodType<NotifyConfig[], NotifyConfig[]> = z
  .array(receiver)
  .min(1)
  .max(10, "at most 10 receivers")
  .refine(
    (all) => new Set(all.map(({ name }) => name)).size === all.length,
    "receivers with names of their own",
  )
  .describe("Whom a controller tells of incidents.");

import { z } from "zod";
import { configSchema } from "./config-schema.ts";

/** The plan's own parser is no schema, so its rules are said again here; a test holds the two together. */
const PLAN = {
  description: "The stages, by rising percentage.",
  type: "array",
  minItems: 1,
  items: {
    type: "object",
    properties: {
      pct: { description: "A percentage.", type: "integer", minimum: 1, maximum: 100 },
      hold: {
        description: "How long to stay there before the next stage: 90s, 30m, 2h or 1d.",
        type: "string",
        pattern: "^\\d{1,6}[smhd]$",
      },
    },
    required: ["pct", "hold"],
    additionalProperties: false,
  },
} as const;

/**
 * The JSON Schema of a config file, for editors. Every valid file is valid by it. Three rules are not in
 * it: that percentages rise, that `defaultEnvironment` is one of the environments, and that `instances`
 * is not for Cloudflare or Fastly.
 */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, {
    unrepresentable: "any",
    override({ path, jsonSchema }) {
      if (path.at(-1) === "plan" && path.at(-2) === "properties") Object.assign(jsonSchema, PLAN);
    },
  });
  return { title: "EdgeZero rollout", ...schema };
}

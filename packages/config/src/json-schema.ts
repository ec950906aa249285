import planSchema from "@edgezero/progression/plan.schema.json" with { type: "json" };
import { z } from "zod";
import { configSchema } from "./config-schema.ts";

/** A plan in either form, by the plan's own JSON Schema. */
const PLAN = { description: planSchema.description, oneOf: planSchema.oneOf };

/**
 * The JSON Schema of a config file, for editors. Every valid file is valid by it. It cannot say that
 * percentages rise, that a freeze ends and its zone is known, that the times of `noData` agree, that
 * `defaultEnvironment` is one of the environments, that `instances` is not for Cloudflare or Fastly, which
 * fields of a receiver of `notify` go together, and where a `journal` may be.
 */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, {
    unrepresentable: "any",
    override({ path, jsonSchema }) {
      if (path.at(-1) === "plan" && path.at(-2) === "properties") Object.assign(jsonSchema, PLAN);
    },
  });
  return { title: "EdgeZero rollout", ...schema, $defs: planSchema.$defs };
}

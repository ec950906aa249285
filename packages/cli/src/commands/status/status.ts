import type { CommonOptions, Context } from "../../context.ts";
import { withOperation } from "../../context.ts";
import type { Outcome, Output } from "../../output/output.ts";
import { configuredStatus } from "./configured-status.ts";
import { allAgree, servedOutcome, surveyAll } from "./served.ts";
import { watchStatus } from "./watch-status.ts";

/** The options of `status`. */
export interface StatusOptions extends CommonOptions {
  readonly url: readonly string[];
  /** Probes for each gateway. */
  readonly probes: number;
  readonly watch?: boolean | undefined;
}

/** `status`: shows the configured values, and with `--url` the served ones. */
export async function status(output: Output, options: StatusOptions): Promise<Outcome> {
  return withOperation(output, options, async (context) => {
    return options.watch
      ? watchStatus(output, () => statusOf(context, options))
      : statusOf(context, options);
  });
}

async function statusOf(context: Context, { url, probes }: StatusOptions): Promise<Outcome> {
  const configured = await configuredStatus(context);
  if (url.length === 0) {
    return { ...configured, document: { ...configured.document, served: null, agree: null } };
  }
  const surveys = await surveyAll(context.output, url, probes, configured.reading);
  const served = servedOutcome(context.output, surveys, configured.reading);
  return {
    exit: allAgree(surveys) === false ? "disagree" : "ok",
    fault: "what is served is not what is configured",
    text: `${configured.text}\n${served.text}`,
    document: { ...configured.document, ...served.document },
  };
}

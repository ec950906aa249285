import type { Outcome, Output } from "../output/output.ts";
import type { CommonOptions, Session } from "../session.ts";
import { withSession } from "../session.ts";
import { configuredStatus } from "./configured-status.ts";
import { allAgree, servedOutcome, surveyAll } from "./served.ts";
import { watchStatus } from "./watch-status.ts";

/** The options of `status`. */
export interface StatusOptions extends CommonOptions {
  readonly url: readonly string[];
  /** How many probes each gateway gets. */
  readonly probes: number;
  readonly watch?: boolean | undefined;
}

/** `status`: what is configured, and with `--url` what is served. */
export async function status(output: Output, options: StatusOptions): Promise<Outcome> {
  return withSession(output, options, async (session) => {
    return options.watch
      ? watchStatus(output, () => statusOf(session, options))
      : statusOf(session, options);
  });
}

async function statusOf(session: Session, { url, probes }: StatusOptions): Promise<Outcome> {
  const configured = await configuredStatus(session);
  if (url.length === 0) {
    return { ...configured, document: { ...configured.document, served: null, agree: null } };
  }
  const surveys = await surveyAll(session.output, url, probes, configured.reading);
  const served = servedOutcome(session.output, surveys, configured.reading);
  return {
    exit: allAgree(surveys) === false ? "disagree" : "ok",
    problem: "what is served is not what is configured",
    text: `${configured.text}\n${served.text}`,
    document: { ...configured.document, ...served.document },
  };
}

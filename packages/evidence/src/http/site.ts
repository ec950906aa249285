import { messageOf } from "@edgezero/faults/faults";
import type { Dispatcher } from "undici";
import { Agent } from "undici";
import type { Missing } from "../source.ts";
import { missing } from "../source.ts";
import type { SourceConfig } from "../source-config.ts";
import { readCa } from "../source-config.ts";
import { adviceOfAccess } from "./advice.ts";
import type { Answer, Question } from "./ask.ts";
import { ask } from "./ask.ts";
import { credentialsOf } from "./credentials.ts";

/** Asks servers with the credentials and authorities of one source. */
export interface Site {
  /** Never rejects. */
  ask(question: Omit<Question, "dispatcher">): Promise<Answer | Missing>;
  close(): Promise<void>;
}

/** @throws SourceConfigError where a secret or an authority cannot be read. */
export function openSite(
  config: SourceConfig,
  env: Readonly<Record<string, string | undefined>>,
): Site {
  const ca = readCa(config.caFile);
  const credentials = credentialsOf(config, env);
  const access = adviceOfAccess(config);
  const agent: Dispatcher = new Agent(ca === undefined ? {} : { connect: { ca } });
  return {
    async ask(question) {
      let headers: Readonly<Record<string, string>>;
      try {
        headers = { ...question.headers, ...(await credentials()) };
      } catch (fault) {
        return missing("refused", `tokenFile: ${messageOf(fault)}`);
      }
      const advice = { ...access, ...question.advice };
      return ask({ ...question, headers, advice, dispatcher: agent });
    },
    // Questions that are under way end too.
    close: async () => agent.destroy(),
  };
}

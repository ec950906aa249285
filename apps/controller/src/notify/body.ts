import type { NotifyConfig } from "@edgezero/config";
import type { Notice } from "./notice.ts";

type Format = NonNullable<NotifyConfig["format"]>;

/** How a notice is written for a receiver. */
export interface BodyForm {
  readonly contentType: string;
  readonly write: (notice: Notice, id: string) => string;
}

export const BODY_FORMS: Readonly<Record<Format, BodyForm>> = {
  /** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md */
  cloudevents: {
    contentType: "application/cloudevents+json; charset=utf-8",
    write: (notice, id) =>
      JSON.stringify({
        specversion: "1.0",
        id,
        source: `/edgezero/controller/${encodeURIComponent(notice.environment)}`,
        type: `edgezero.incident.${notice.what}`,
        subject: notice.incident,
        time: notice.at,
        datacontenttype: "application/json",
        data: notice,
      }),
  },
  /** https://api.slack.com/messaging/webhooks */
  slack: {
    contentType: "application/json; charset=utf-8",
    write: (notice) => JSON.stringify({ text: slackText(notice) }),
  },
};

/** What is so, since when, what was done, what to type, and where to look. */
function slackText(notice: Notice): string {
  const { title, sentence, since, at, state, pct, done, waitsFor, commands, link, what } = notice;
  const isOver = what === "resolved";
  const again = what === "repeated" ? " (still)" : "";
  const begun = isOver ? `It began at ${since}, and was over at ${at}.` : `Since ${since}.`;
  const where = `State: ${state}, with ${pct === null ? "a percentage that is not known" : `${pct}%`} in the store.`;
  return [
    `*${escaped(title)}*${again}`,
    escaped(sentence),
    escaped(`${begun} ${where}`),
    done.length === 0
      ? "Nothing is recorded as done since."
      : `Done: ${done.map((each) => escaped(each)).join(" ")}`,
    ...(isOver || waitsFor === "" ? [] : [`It waits for: ${escaped(waitsFor)}`]),
    `Type: ${commands.map((each) => `\`${escaped(each)}\``).join(" or ")}`,
    ...(link === null ? [] : [`<${escaped(link)}>`]),
  ].join("\n");
}

/** https://api.slack.com/reference/surfaces/formatting#escaping */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

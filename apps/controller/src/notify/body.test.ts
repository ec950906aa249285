import { expect, test } from "vitest";
import { VIEW } from "../../test/api/fake-environments.ts";
import { BODY_FORMS } from "./body.ts";
import type { IncidentKind } from "./incident.ts";
import { noticeOf } from "./notice.ts";

const VIEW_NOW = {
  ...VIEW,
  at: Date.UTC(2026, 10, 26, 12, 5),
  state: "held",
  pct: 10,
  stage: 2,
  reasons: [
    {
      reason: "share",
      sentence: "The share is <not> the percentage. 22% are on EdgeZero & 10% should be.",
      waitsFor: "a share near the percentage for 3 windows",
      leftMs: null,
      since: 0,
    },
  ],
  timeline: [
    {
      at: 0,
      kind: "change",
      pct: 1,
      written: true,
      sentence: "Wrote 1%, after 0%.",
      who: null,
      reason: null,
    },
    {
      at: Date.UTC(2026, 10, 26, 12, 2),
      kind: "change",
      pct: 10,
      written: true,
      sentence: "Wrote 10%, after 1%.",
      who: null,
      reason: null,
    },
  ],
} as const;

function slack(kind: IncidentKind, what: "opened" | "repeated" | "resolved" = "opened"): string {
  const since = Date.UTC(2026, 10, 26, 12);
  const incident = { key: kind, id: `${kind}-1`, kind, since, pagedAt: since, about: "scrape" };
  const notice = noticeOf({ what, incident }, VIEW_NOW, "https://controller.example/");
  return (JSON.parse(BODY_FORMS.slack.write(notice, "msg_1")) as { text: string }).text;
}

test("a text says what, since when, what was done, what to type, and where to look", () => {
  expect(slack("share")).toBe(
    `*production: the rollout is held: EdgeZero's share differs from the percentage*
The share is &lt;not&gt; the percentage. 22% are on EdgeZero &amp; 10% should be.
Since 2026-11-26T12:00:00.000Z. State: held, with 10% in the store.
Done: Wrote 10%, after 1%.
It waits for: a share near the percentage for 3 windows
Type: \`edgezero-rollout explain --env production\` or \`edgezero-rollout rollback --env production\`
<https://controller.example/#/production>`,
  );
});

test("an end says how it is now, and asks for nothing", () => {
  const text = slack("share", "resolved");
  expect(text).toContain("*production: over: the rollout is held");
  expect(text).toContain("and was over at 2026-11-26T12:05:00.000Z. State: held, with 10%");
  expect(text).not.toContain("rollback");
});

test("an approval names its stage, and what is repeated says so", () => {
  expect(slack("approval")).toContain("`edgezero-rollout approve --stage 2 --env production`");
  expect(slack("rollback-unverified", "repeated")).toContain("IS NOT PROVEN* (still)");
});

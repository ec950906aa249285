import { readFileSync } from "node:fs";
import { metricsUrl, scrape } from "@edgezero/testbed/metrics-page";
import { describeWithPrometheus, promtool } from "@edgezero/testbed/prometheus/promtool";
import { startGatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { send } from "@edgezero/testbed/http-client";
import { expect, onTestFinished, test } from "vitest";
import { metricsIn } from "./promql.ts";
import { ALERTS, PROMETHEUS_FOLDER, RECORDED, RULES } from "./shipped-rules.ts";

/** What Prometheus itself knows, and what the site has to bring. */
const OTHERS = ["up", "ALERTS", "site_auction_bids_total", "site_auction_wins_total"];

describeWithPrometheus("promtool", () => {
  test.each([
    ["the rules", "check", "rules", "edgezero.rules.yml"],
    ["the example of a configuration", "check", "config", "prometheus.yml"],
    ["each alert at its threshold", "test", "rules", "edgezero.rules.test.yml"],
    ["no data, few requests, stages and states", "test", "rules", "edgezero.evidence.test.yml"],
    ["the baseline of past days", "test", "rules", "edgezero.history.test.yml"],
  ])("passes %s", (_, verb, what, file) => {
    const { code, said } = promtool([verb, what, PROMETHEUS_FOLDER + file]);
    expect(said).toContain("SUCCESS");
    expect(said).not.toMatch(/FAILED|WARNING/);
    expect(code).toBe(0);
  });
});

test("the rules use no metric that a gateway does not have", async () => {
  const gateway = await startGatewayProcess({});
  onTestFinished(() => gateway.stopCleanly());
  await send(gateway.url);
  const expressions = [...RULES.matchAll(/^( +)expr:(.*(?:\n\1 +.+)*)/gm)].map(
    ([, , text]) => text,
  );
  const used = new Set(expressions.flatMap((text) => metricsIn(String(text).replace(" |", ""))));
  await expect
    .poll(async () => {
      const there = (await scrape(metricsUrl(gateway))).map(({ name }) => name);
      return [...used].filter((name) => ![...there, ...RECORDED, ...OTHERS].includes(name));
    })
    .toEqual([]);
  expect(used.size).toBeGreaterThan(10);
});

test("each alert says what to type, and one that asks for a rollback or a hold how to undo", () => {
  const commands = { rollback: /^.*Roll back at once: edgezero-rollout rollback --reason (\w+)$/ };
  for (const { name, action, description } of ALERTS) {
    expect([name, description]).toEqual([
      name,
      expect.stringMatching(/: (?:edgezero-rollout \w+|curl \S+|[A-Z_]+=\S+)/),
    ]);
    if (action === "examine") continue;
    const undo =
      commands.rollback.exec(description) ?? /To undo: .+ --reason (\w+)$/.exec(description);
    expect([name, undo?.[1]]).toEqual([name, name]);
    expect(description.includes("Hold:")).toBe(action === "hold");
  }
  const rollbacks = ALERTS.filter(({ action }) => action === "rollback").map(({ name }) => name);
  expect(rollbacks).toEqual([
    "EdgeZeroErrors",
    "EdgeZeroTimeouts",
    "EdgeZeroFails",
    "EdgeZeroErrorsInStage",
  ]);
});

test("each alert leads to a heading of the runbook that names it, or to its rollback", () => {
  const runbook = readFileSync(new URL("../../docs/runbook.md", import.meta.url), "utf8");
  const start =
    "{{ with $externalLabels.edgezero_docs }}{{ . }}{{ else }}http://localhost:5173{{ end }}/runbook#";
  for (const { name, runbookUrl } of ALERTS) {
    expect([name, runbookUrl.startsWith(start)]).toEqual([name, true]);
    const anchor = runbookUrl.slice(start.length);
    const section = runbook.split(/^##+ /m).find((text) => anchorOf(text) === anchor) ?? "";
    expect([
      name,
      section.includes(anchor === "roll-back" ? "edgezero-rollout rollback" : name),
    ]).toEqual([name, true]);
  }
});

function anchorOf(section: string): string {
  return (section.split("\n")[0] ?? "").toLowerCase().replaceAll(" ", "-");
}

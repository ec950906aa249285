import { metricsUrl, scrape } from "@edgezero/testbed/metrics-page";
import { describeWithPrometheus, promtool } from "@edgezero/testbed/prometheus/promtool";
import { startGatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { send } from "@edgezero/testbed/http-client";
import { expect, onTestFinished, test } from "vitest";
import { metricsIn } from "./promql.ts";
import { ALERTS, PROMETHEUS_FOLDER, RECORDED, RULES } from "./shipped-rules.ts";

/** What Prometheus itself knows, and what the site has to bring. */
const OTHERS = ["up", "site_auction_bids_total", "site_auction_wins_total"];

describeWithPrometheus("promtool", () => {
  test.each([
    ["the rules", "check", "rules", "edgezero.rules.yml"],
    ["the example of a configuration", "check", "config", "prometheus.yml"],
    ["each alert at its threshold", "test", "rules", "edgezero.rules.test.yml"],
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

test("each alert says what to do: a command, where a command helps", () => {
  const commands = { rollback: /^.*Roll back at once: edgezero-rollout rollback --reason (\w+)$/ };
  for (const { name, action, description } of ALERTS) {
    if (action === "examine") continue;
    const undo =
      commands.rollback.exec(description) ?? /To undo: .+ --reason (\w+)$/.exec(description);
    expect([name, undo?.[1]]).toEqual([name, name]);
    expect(description.includes("Hold:")).toBe(action === "hold");
  }
  expect(ALERTS.map(({ action }) => action).filter((action) => action === "rollback")).toHaveLength(
    2,
  );
});

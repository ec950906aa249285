import { readFileSync } from "node:fs";
import { startGatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { send } from "@edgezero/testbed/http-client";
import { metricsUrl, parseMetrics, scrapeText } from "@edgezero/testbed/metrics-page";
import { expect, onTestFinished, test, vi } from "vitest";
import { ALERTS } from "./shipped-rules.ts";

const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** The cells of the table between two markers, without its head. */
function table(marker: string): string[][] {
  const text = README.split(`<!-- ${marker} -->`)[1]?.split(`<!-- /${marker} -->`)[0] ?? "";
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  return rows
    .slice(2)
    .map((row) => row.split(" | ").map((cell) => cell.replace(/^\| |\|$/g, "").trim()));
}

test("the README's table of alerts is that of the rules", () => {
  const documented = table("alerts").map((cells) => cells.slice(0, 4));
  const shipped = ALERTS.map(({ name, severity, action, after }) => [
    `\`${name}\``,
    severity,
    action,
    after,
  ]);
  expect(documented).toEqual(shipped);
});

test("the README's table of metrics is that of a gateway", async () => {
  const gateway = await startGatewayProcess({}, { WORKERS: "2" });
  onTestFinished(() => gateway.stopCleanly());
  await send(gateway.url);
  const page = await vi.waitFor(async () => {
    const text = await scrapeText(metricsUrl(gateway));
    if (!text.includes("duration_seconds_bucket")) throw new Error("no request is counted yet");
    return text;
  }, 60_000);
  expect(table("metrics")).toEqual(metricRows(page));
});

/** Name, type, labels and meaning of each metric on a page. */
function metricRows(page: string): string[][] {
  const samples = parseMetrics(page);
  return [...page.matchAll(/^# HELP (\S+) (.+)\n# TYPE \S+ (\S+)$/gm)].map(
    ([, name = "", help = "", type = ""]) => {
      const sample = samples.find((other) => other.name.startsWith(name));
      const labels = Object.keys(sample?.labels ?? {}).filter((label) => label !== "le");
      const shown = labels.map((label) => `\`${label}\``).join(", ");
      return [`\`${name}\``, type, shown || "none", help];
    },
  );
}

import { readFileSync } from "node:fs";
import { Agent, createServer, METHODS } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { GatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { startGatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { send } from "@edgezero/testbed/http-client";
import type { Sample } from "@edgezero/testbed/metrics-page";
import { metricsUrl, parseMetrics, scrape, scrapeText } from "@edgezero/testbed/metrics-page";
import { describeWithPrometheus, promtool } from "@edgezero/testbed/prometheus/promtool";
import { startUpstream } from "@edgezero/testbed/upstream";

/** Every value that a label may ever have. */
const LABEL_VALUES: Readonly<Record<string, readonly string[]>> = {
  path: ["legacy", "edgezero"],
  reason: ["disabled", "rollback", "bucket", "cutover", "forced", "store-unavailable"].concat([
    "flag-unreadable",
    "pct-unreadable",
    "pct-absent",
    "pct-invalid",
  ]),
  status_class: ["1xx", "2xx", "3xx", "4xx", "5xx", "none"],
  outcome: ["ok", "error", "timeout", "aborted", "all", "failing"],
  excluded: ["no", "forced", "health", "no-client-address"],
  evidence: ["true", "false"],
  kind: "syntax headers-too-large timeout host transfer-coding upgrade"
    .concat(" refused unreachable dns tls reset malformed busy loop gateway other")
    .split(" "),
  cause: ["stop", "rollback"],
  code: ["1001", "none"],
  result: ["peer", "forwarded", "untrusted", "invalid", "gone"],
};

const METRICS_DOCUMENT = "../../../docs/reference/metrics.md";
/** The sentence about the page's size, on one line. */
const SIZE =
  /(\d+) series in about (\d+) kB at the start, and (\d+) in about (\d+) kB when both paths have served, after (\d+) requests and also after (\d+)/;

let gateway: GatewayProcess;
let url: string;

beforeAll(async () => {
  gateway = await startGatewayProcess({}, { ATTRIBUTION: "detail" });
  url = metricsUrl(gateway);
});

beforeEach(() => routeAt("10"));

afterAll(async () => gateway.stopCleanly());

function routeAt(pct: string, enabled = "true"): void {
  gateway.writeConfig({ edgezero_enabled: enabled, edgezero_rollout_pct: pct });
}

async function valueOf(name: string, reason?: string): Promise<number | undefined> {
  const samples = await scrape(url);
  return samples.find((sample) => sample.name === name && sample.labels["reason"] === reason)
    ?.value;
}

function seriesOf(samples: readonly Sample[]): Set<string> {
  return new Set(samples.map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`));
}

/** A size within a tenth of the one that is said: sums of durations have more digits in one run than in another. */
function near(said = 0): unknown {
  return expect.toSatisfy((size: number) => Math.abs(size - said) <= 0.1 * said);
}

/** Where the buckets of legacy's durations end, in seconds. */
async function bucketBounds(): Promise<number[]> {
  return (await scrape(url))
    .filter(({ name }) => name === "edgezero_request_duration_seconds_bucket")
    .filter(({ labels }) => labels["path"] === "legacy" && labels["evidence"] === "true")
    .map(({ labels }) => Number(labels["le"]?.replace("+Inf", "Infinity")));
}

test("the page is as large as its document says", async () => {
  const document = readFileSync(new URL(METRICS_DOCUMENT, import.meta.url), "utf8");
  const said = SIZE.exec(document.replaceAll("\n", " "))?.slice(1).map(Number) ?? [];
  const [series, kilobytes, served, servedKilobytes, few = 0, many = 0] = said;
  const fresh = await startGatewayProcess({ edgezero_enabled: "true", edgezero_rollout_pct: "50" });
  const page = async (): Promise<{ series: number; kilobytes: number }> => {
    const text = await scrapeText(metricsUrl(fresh));
    return { series: parseMetrics(text).length, kilobytes: text.length / 1000 };
  };
  const sendFrom = async (from: number, to: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 20 });
    const sent = Array.from({ length: to - from }, async (_, i) => {
      const clientIp = `127.9.${(from + i) >> 8}.${(from + i) % 250}`;
      await send(fresh.url, { agent, clientIp });
    });
    await Promise.all(sent);
    agent.destroy();
  };

  expect(await page()).toEqual({ series, kilobytes: near(kilobytes) });
  await sendFrom(0, few);
  expect(await page()).toEqual({ series: served, kilobytes: near(servedKilobytes) });
  await sendFrom(few, many);
  expect(await page()).toEqual({ series: served, kilobytes: near(servedKilobytes) });
  await fresh.stopCleanly();
});

describe("the endpoint", () => {
  test("answers GET and HEAD of /metrics, with any query", async () => {
    for (const target of [url, `${url}?format=text`]) {
      const { status, headers, text } = await send(target);
      expect([status, text.includes("edgezero_rollout_pct")]).toEqual([200, true]);
      expect(headers["content-type"]).toMatch(/^text\/plain/);
      const head = await send(target, { method: "HEAD" });
      expect([head.status, head.text]).toEqual([200, ""]);
    }
  });

  test.each(METHODS.filter((method) => !["GET", "HEAD", "CONNECT"].includes(method)))(
    "%s is not allowed",
    async (method) => {
      const { status, headers } = await send(url, { method });
      expect([status, headers["allow"]]).toEqual([405, "GET, HEAD"]);
    },
  );

  test.each(["/", "/metrics/", "/metricsx", "/METRICS", "//metrics", "/%6detrics", "/health"])(
    "%s is not there",
    async (path) => {
      expect((await send(new URL(url).origin + path)).status).toBe(404);
    },
  );

  test("is not on the gateway's own port, nor routed requests on its", async () => {
    const { path, text } = await send(`${gateway.url}/metrics`);
    expect([path === undefined, text.includes("# HELP")]).toEqual([false, false]);
  });

  test("listens at METRICS_HOST alone", async () => {
    const other = await startGatewayProcess({}, { METRICS_HOST: "127.0.0.3" });
    const there = new URL(metricsUrl(other));
    expect(there.hostname).toBe("127.0.0.3");
    expect((await send(there.href)).status).toBe(200);
    await expect(send(`http://127.0.0.1:${there.port}/metrics`)).rejects.toThrow("ECONNREFUSED");
    await other.stopCleanly();
  });

  test("is nowhere with METRICS_PORT=off, and requests are served", async () => {
    const other = await startGatewayProcess({}, { METRICS_PORT: "off" });
    expect(metricsUrl(other)).toBe("off");
    expect((await send(other.url)).status).toBe(200);
    await other.stopCleanly();
  });

  test("whose port is in use is missed at error, and requests are served", async () => {
    const { port } = new URL(url);
    const other = await startGatewayProcess({}, { METRICS_PORT: port });
    expect(metricsUrl(other)).toBe("not available");
    expect(other.logged()).toContainEqual(
      expect.objectContaining({
        level: 50,
        msg: "METRICS_PORT and METRICS_HOST: the metrics endpoint cannot listen",
        error: expect.stringContaining("EADDRINUSE") as unknown,
      }),
    );
    expect((await send(other.url)).status).toBe(200);
    await other.stopCleanly();
    expect((await send(url)).status).toBe(200);
  });

  test("frees its port when the gateway stops", async () => {
    const other = await startGatewayProcess({});
    const port = Number(new URL(metricsUrl(other)).port);
    await other.stopCleanly();
    const server = createServer().listen(port, "127.0.0.1");
    await expect.poll(() => (server.address() as AddressInfo | null)?.port).toBe(port);
    server.close();
  });
});

describe("gauges say what the config says now", () => {
  test.each([
    ["10", "true", 10, 1],
    ["0", "true", 0, 1],
    ["100", "1", 100, 1],
    ["25", "false", 0, 0],
    ["101", "true", 0, 1],
  ])("%s while the switch is %s", async (pct, enabled, shownPct, shownEnabled) => {
    routeAt(pct, enabled);
    const { headers } = await send(gateway.url);
    expect(await valueOf("edgezero_rollout_pct")).toBe(shownPct);
    expect(await valueOf("edgezero_enabled")).toBe(shownEnabled);
    const epoch = /epoch=([0-9a-f]+)/.exec(String(headers["x-edgezero-decision"]))?.[1];
    expect(await valueOf("edgezero_config_epoch")).toBe(Number.parseInt(String(epoch), 16));
  });

  test("the age grows while the file cannot be read, and falls once it can be", async () => {
    gateway.deleteConfig();
    await expect.poll(async () => valueOf("edgezero_config_age_seconds")).toBeGreaterThan(2.5);
    routeAt("10");
    await expect.poll(async () => valueOf("edgezero_config_age_seconds")).toBeLessThan(1.5);
  });

  test("without a file from the start, there is no age", async () => {
    const other = await startGatewayProcess(null);
    const names = (await scrape(metricsUrl(other))).map(({ name }) => name);
    expect(names).toContain("edgezero_enabled");
    expect(names).not.toContain("edgezero_config_age_seconds");
    await other.stopCleanly();
  });
});

describe("requests without a valid instruction are counted by reason", () => {
  test.each([
    ["a broken file", "{", "store-unavailable"],
    ["a switch that is no text", { edgezero_enabled: 1 }, "flag-unreadable"],
    [
      "a percentage that is no text",
      { edgezero_enabled: "1", edgezero_rollout_pct: 5 },
      "pct-unreadable",
    ],
    ["no percentage", { edgezero_enabled: "1" }, "pct-absent"],
    ["an invalid percentage", { edgezero_enabled: "1", edgezero_rollout_pct: "x" }, "pct-invalid"],
  ])("%s", async (_, content, reason) => {
    const name = "edgezero_config_read_failures_total";
    // There from the start, so that a rate sees the first.
    const before = (await valueOf(name, reason)) ?? NaN;
    gateway.writeConfig(content);
    for (let i = 0; i < 3; i++) await send(gateway.url);
    await expect.poll(async () => valueOf(name, reason)).toBe(before + 3);
    routeAt("10");
    await send(gateway.url);
    expect(await valueOf(name, reason)).toBe(before + 3);
  });
});

describe("hostile traffic", () => {
  const METHODS_SENT = METHODS.filter((method) => method !== "CONNECT");

  /** One request for each status, no two of them alike. */
  async function storm(target: string, round: number): Promise<void> {
    const statuses = Array.from({ length: 400 }, (_, i) => 200 + i);
    for (let from = 0; from < statuses.length; from += 20) {
      const some = statuses.slice(from, from + 20).map(async (status) => {
        const seed = status * 31 + round * 7919;
        const method = METHODS_SENT[seed % METHODS_SENT.length] ?? "GET";
        const headers = {
          "x-status": String(status),
          [`x-${seed}`]: String(seed),
          "user-agent": `agent "${seed}"\\`,
          "x-forwarded-for": `${seed % 256}.1.1.1`,
          "x-edgezero-force": `edgezero.${seed}.${"A".repeat(43)}`,
          "x-edgezero-path": `path-${seed}`,
          traceparent: `00-${String(seed).padStart(32, "0")}-0000000000000001-01`,
        };
        const path = `/${seed}"}\\n{edgezero_x="1"/%0a?reason=${seed}`.replaceAll('"', "%22");
        const clientIp = `127.9.${round}.${seed % 256}`;
        await send(target + path, { method, headers, clientIp });
      });
      await Promise.all(some);
    }
  }

  test("makes no label value that is not foreseen, and no more series with time", async () => {
    const origin = await startUpstream((request, response) => {
      request.resume();
      response.writeHead(Number(request.headers["x-status"])).end();
    });
    const attacked = await startGatewayProcess(
      { edgezero_enabled: "true", edgezero_rollout_pct: "50" },
      { LEGACY_ORIGIN: origin.url, EDGEZERO_ORIGIN: origin.url, FORCE_SECRET: "s".repeat(32) },
    );
    const target = metricsUrl(attacked);
    const total = async (): Promise<number> =>
      (await scrape(target))
        .filter(({ name }) => name === "edgezero_requests_total")
        .reduce((sum, { value }) => sum + value, 0);

    await storm(attacked.url, 0);
    await storm(attacked.url, 1);
    await expect.poll(total).toBe(800);
    const series = seriesOf(await scrape(target));
    for (let round = 2; round < 6; round++) await storm(attacked.url, round);
    await expect.poll(total).toBe(2400);

    const samples = await scrape(target);
    expect(seriesOf(samples)).toEqual(series);
    for (const { labels } of samples) {
      // Bounds of buckets, and the name of the process: no request can choose them.
      const { le: _, process: name = "0123456789abcdef", ...bounded } = labels;
      expect(name).toMatch(/^[0-9a-f]{16}$/);
      for (const [label, value] of Object.entries(bounded)) {
        expect(LABEL_VALUES[label]).toContain(value);
      }
    }
    await attacked.stopCleanly();
    await origin.close();
  });
});

test("buckets end less than 5 % apart, from 1 ms to 10 s", async () => {
  await send(gateway.url);
  await expect.poll(bucketBounds).not.toEqual([]);
  const [first, ...rest] = await bucketBounds();
  expect([first, rest.at(-2), rest.at(-1)]).toEqual([0.001, 10, Infinity]);
  let before = first ?? 0;
  for (const bound of rest.slice(0, -1)) {
    expect(bound).toBeGreaterThan(before);
    expect(bound / before).toBeLessThan(1.05);
    before = bound;
  }
});

describeWithPrometheus("promtool", () => {
  test("finds no fault with the page", async () => {
    await send(gateway.url);
    expect(promtool(["check", "metrics"], await scrapeText(url))).toEqual({ code: 0, said: "" });
  });
});

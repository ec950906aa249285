import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeWithProgram } from "@edgezero/testbed/describe-with-program";
import { send } from "@edgezero/testbed/http-client";
import { parseMetrics } from "@edgezero/testbed/metrics-page";
import { NGINX_APP, nginxMissing } from "@edgezero/testbed/nginx/nginx";
import { startNodeGateway } from "@edgezero/testbed/node/start-node-gateway";
import { promtool } from "@edgezero/testbed/prometheus/promtool";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Stage } from "./stage.ts";
import { enabledAt, pageOf, setStage, total } from "./stage.ts";

/** Metrics of the Node gateway for what nginx limits or drops itself, and tells nobody. */
const NOT_KNOWN = [
  "edgezero_events_dropped_total",
  "edgezero_client_address_total",
  "edgezero_client_refused_total",
  "edgezero_client_floods_total",
  "edgezero_client_malformed_total",
  "edgezero_upgrades_closed_total",
  "edgezero_origin_connections",
  "edgezero_origin_faults_total",
  "edgezero_origin_waiting",
  "edgezero_origin_refused_total",
];

let stage: Stage;

/** What nginx has, and Node has not. */
const OWN = ["edgezero_lua_faults_total", "edgezero_gateway_workers"];

/** Whether a line of the page is about one of these metrics. */
function isOf(names: readonly string[]): (line: string) => boolean {
  return (line) => names.some((name) => line.includes(` ${name} `));
}

describeWithProgram(nginxMissing ?? null, "the metrics", () => {
  beforeAll(async () => {
    stage = await setStage({ workers: 4 });
    stage.gateway.write(enabledAt(50));
    await vi.waitFor(async () => {
      if ((await total(stage, "edgezero_rollout_pct")) !== 50) throw new Error("not yet");
    }, 10_000);
  });
  afterAll(async () => stage.close());

  test("a failed request is an error of its path, and so is a response that broke off", async () => {
    const failures = async (): Promise<number> =>
      total(stage, "edgezero_requests_total", { path: "legacy", outcome: "error" });
    const before = await failures();
    const { legacy } = stage;
    const { handler } = legacy;
    // In bucket 60.
    const clientIp = "127.66.4.98";
    legacy.handler = (_, response) => void response.writeHead(500).end();
    expect((await send(stage.gateway.url, { clientIp })).path).toBe("legacy");
    legacy.handler = (request, response) => {
      response.writeHead(200).write("the start", () => request.socket.destroy());
    };
    await expect(send(stage.gateway.url, { clientIp })).rejects.toThrow("aborted");
    legacy.handler = handler;
    await expect.poll(failures).toBe(before + 2);
  });

  test("distinct clients are counted once, whichever worker serves them", async () => {
    const clients = Array.from({ length: 40 }, (_, i) => `127.77.0.${i + 1}`);
    const before = await total(stage, "edgezero_clients", { outcome: "all" });
    for (let round = 0; round < 3; round++) {
      for (const clientIp of clients) await send(stage.gateway.url, { clientIp });
    }
    // The estimate is exact for so few, in nearly all cases.
    const counted = (await total(stage, "edgezero_clients", { outcome: "all" })) - before;
    expect(Math.abs(counted - clients.length)).toBeLessThanOrEqual(1);
  });

  test("distinct clients begin again with another epoch, on the page of any worker", async () => {
    const all = async (): Promise<number> => total(stage, "edgezero_clients", { outcome: "all" });
    const clients = Array.from({ length: 20 }, (_, i) => `127.78.0.${i + 1}`);
    for (const clientIp of clients) await send(stage.gateway.url, { clientIp });
    await expect.poll(all).toBeGreaterThanOrEqual(19);
    stage.gateway.write(enabledAt(60));
    await expect.poll(async () => total(stage, "edgezero_rollout_pct")).toBe(60);
    // Each page is one of any worker.
    for (let i = 0; i < 8; i++) expect(await all()).toBe(0);
    await vi.waitFor(async () => {
      await send(stage.gateway.url, { clientIp: "127.78.0.1" });
      if ((await all()) !== 1) throw new Error("not yet");
    }, 20_000);
    stage.gateway.write(enabledAt(50));
    await expect.poll(async () => total(stage, "edgezero_rollout_pct")).toBe(50);
  });

  test("have the names, texts and labels of the Node gateway's", async () => {
    const origins = { LEGACY_ORIGIN: stage.legacy.url, EDGEZERO_ORIGIN: stage.edgezero.url };
    const env = { ...origins, METRICS_PORT: "0", EDGEZERO_CONFIG: stage.gateway.config };
    const node = await startNodeGateway(env);
    try {
      for (const clientIp of ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"]) {
        await send(node.url, { clientIp });
        await send(stage.gateway.url, { clientIp });
      }
      const ours = await headersOf(stage.gateway.metrics);
      const theirs = await headersOf(node.metrics);
      expect(ours.filter((line) => !isOf(OWN)(line)).toSorted()).toEqual(
        theirs.filter((line) => !isOf(NOT_KNOWN)(line)).toSorted(),
      );
      // What is left out is Node's, all of it, and the page says so.
      expect(NOT_KNOWN.filter((name) => !theirs.some(isOf([name])))).toEqual([]);
      expect(listed("not there")).toEqual(NOT_KNOWN.toSorted());
      expect(listed("on nginx only")).toEqual(OWN.toSorted());
      const series = new Set(await seriesOf(stage.gateway.metrics));
      const missing = (await seriesOf(node.metrics)).filter((each) => !series.has(each));
      expect(missing.filter((each) => !NOT_KNOWN.some((name) => each.startsWith(name)))).toEqual(
        [],
      );
    } finally {
      await node.stop();
    }
  });

  test("are a page that Prometheus accepts", async () => {
    const { said, code } = promtool(["check", "metrics"], await pageOf(stage.gateway.metrics));
    expect({ code, said }).toEqual({ code: 0, said: "" });
  });

  test("four workers count together, and a reload loses nothing", async () => {
    const before = await total(stage, "edgezero_requests_total");
    for (let i = 0; i < 200; i++) await send(stage.gateway.url);
    await expect.poll(async () => total(stage, "edgezero_requests_total")).toBe(before + 200);
    const starts = (): number =>
      stage.lines.filter((line) => line.includes("start worker process ")).length;
    const started = starts();
    stage.gateway.reload();
    await expect.poll(starts).toBe(started + 4);
    await send(stage.gateway.url);
    await expect.poll(async () => total(stage, "edgezero_requests_total")).toBe(before + 201);
  });
});

/** The metrics that the README names in its list of this title. */
function listed(title: string): string[] {
  const readme = readFileSync(join(NGINX_APP, "README.md"), "utf8");
  const list = new RegExp(`<!-- metrics: ${title} -->\\n(.*?)<!-- /metrics -->`, "s").exec(readme);
  return [...(list?.[1] ?? "").matchAll(/`([a-z_]+)`/g)].map(([, name]) => name ?? "").toSorted();
}

/** The lines that say what the metrics are. */
async function headersOf(url: string): Promise<string[]> {
  return (await pageOf(url)).split("\n").filter((line) => line.startsWith("#"));
}

/** The names of all series, with their labels. */
async function seriesOf(url: string): Promise<string[]> {
  return parseMetrics(await pageOf(url)).map(({ name, labels }) => {
    const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
    // Each gateway's own name.
    if (name === "edgezero_gateway_info") return `${name} ${Object.keys(labels).join()}`;
    return `${name} ${JSON.stringify(sorted)}`;
  });
}

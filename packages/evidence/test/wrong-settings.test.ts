import { once } from "node:events";
import type { RequestListener, Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openSource } from "@edgezero/evidence/open-source";
import type { EvidenceReading } from "@edgezero/evidence/source";
import type { SourceConfig } from "@edgezero/evidence/source-config";
import { EVIDENCE_OPTIONS } from "@edgezero/testbed/contracts/evidence-source";
import { freePort } from "@edgezero/testbed/free-port";
import { afterEach, describe, expect, test } from "vitest";

const PAGE = 'edgezero_requests_total{path="legacy",outcome="ok",excluded="no"} 1\n';
const EMPTY = JSON.stringify({ status: "success", data: { resultType: "matrix", result: [] } });
const ACCOUNT = "0123456789abcdef0123456789abcdef";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering =
  (status: number, type: string, body: string, headers: Record<string, string> = {}) =>
  async (): Promise<string> =>
    serve((_, response) =>
      response.writeHead(status, { "content-type": type, ...headers }).end(body),
    );

async function read(
  given: string | SourceConfig,
  env: Readonly<Record<string, string>> = {},
): Promise<{ reading: EvidenceReading; note: string | null }> {
  const source = openSource(given, { ...EVIDENCE_OPTIONS, windowMs: 5000, env });
  const signal = new AbortController().signal;
  const reading = await source.read({ now: Date.now(), since: null, signal });
  await source.close();
  return { reading, note: source.note?.() ?? null };
}

const nowhere = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`;

describe("a wrong setting is named, with what to type", () => {
  test.each<{
    name: string;
    start: () => Promise<string>;
    config: (url: string) => string | SourceConfig;
    env?: Record<string, string>;
    said: readonly string[];
  }>([
    {
      name: "scrape: another port",
      start: nowhere,
      config: (url) => `scrape:${url}/metrics`,
      said: [
        "the connection was refused (ECONNREFUSED); nothing listens there",
        "METRICS_PORT",
        "scrape:http://127.0.0.1:9464",
      ],
    },
    {
      name: "scrape: the gateway's site",
      start: answering(200, "text/html; charset=utf-8", "<html>"),
      config: (url) => `scrape:${url}/`,
      said: [
        "the content type is text/html",
        "name the gateway's metrics page, at its METRICS_PORT",
      ],
    },
    {
      name: "scrape: a path that is not there",
      start: answering(404, "text/plain", ""),
      config: (url) => `scrape:${url}`,
      said: ["the status is 404", "name the gateway's metrics page"],
    },
    {
      name: "scrape: the metrics of something else",
      start: answering(200, "text/plain", "process_cpu_seconds_total 1\n"),
      config: (url) => `scrape:${url}/metrics`,
      said: ["the page has no edgezero_requests_total", "name the gateway's metrics page"],
    },
    {
      name: "prometheus: a path of its page",
      start: answering(404, "text/plain", ""),
      config: (url) => `prometheus:${url}/wrong`,
      said: [
        "the status is 404",
        "name Prometheus itself, such as prometheus:http://127.0.0.1:9090",
      ],
    },
    {
      name: "prometheus: labels that no series has",
      start: answering(200, "application/json", EMPTY),
      config: (url) => ({ url: `prometheus:${url}`, match: { job: "gatway" } }),
      said: ['edgezero_requests_total with job="gatway"', "look whether it scrapes the gateways"],
    },
    {
      name: "prometheus: a token that has expired",
      start: answering(401, "application/json", "{}"),
      config: (url) => ({ url: `prometheus:${url}`, tokenEnv: "PROM_TOKEN" }),
      env: { PROM_TOKEN: "t0ken" },
      said: ["the status is 401", "does not accept the token in PROM_TOKEN"],
    },
    {
      name: "prometheus: no token",
      start: answering(401, "application/json", "{}"),
      config: (url) => `prometheus:${url}`,
      said: ["the status is 401", "name a token by tokenEnv or tokenFile"],
    },
    {
      name: "prometheus: a clock that is off",
      start: async () =>
        serve((_, response) => {
          const date = new Date(Date.now() - 7_200_000).toUTCString();
          response.writeHead(200, { "content-type": "application/json", date }).end(EMPTY);
        }),
      config: (url) => `prometheus:${url}`,
      said: ["the server's clock is -720", " s off this one's", "set both by a time server"],
    },
    {
      name: "prometheus: an address that redirects",
      start: answering(302, "text/html", "", { location: "/login" }),
      config: (url) => `prometheus:${url}`,
      said: ["the status is 302", "name the address that it leads to"],
    },
    {
      name: "events: no token to post with",
      start: async () => "",
      config: () => "events:",
      said: [
        "no event has come yet",
        "/api/v1/ingest/<environment>",
        "INGEST_TOKEN, which is not set",
      ],
    },
  ])("$name", async ({ start, config, env = {}, said }) => {
    const { reading } = await read(config(await start()), env);
    const detail = reading.kind === "missing" ? reading.detail : "";
    for (const part of said) expect(detail).toContain(part);
    expect(detail).not.toContain("t0ken");
  });

  test("analytics-engine: a token without the permission, and another dataset", async () => {
    const match = { service: "site" };
    const config = { url: `analytics-engine:${ACCOUNT}/events`, tokenEnv: "TOKEN", match };
    for (const [status, said] of [
      [403, "does not accept the token in TOKEN"],
      [400, "look whether the account has a dataset events"],
    ] as const) {
      const url = await answering(status, "application/json", "{}")();
      const env = { TOKEN: "t0ken", EDGEZERO_CLOUDFLARE_API_URL: url };
      const { reading } = await read(config, env);
      expect(reading).toMatchObject({ detail: expect.stringContaining(said) as string });
    }
  });

  test.each(["/graph", "/api/v1/query", "/api/v1", "/metrics", "/prefix/graph/"])(
    "prometheus: %s in its URL is refused at the start",
    (path) => {
      const open = (): unknown =>
        openSource(`prometheus:http://127.0.0.1:9090${path}`, { ...EVIDENCE_OPTIONS, env: {} });
      expect(open).toThrow(`has ${path.replace("/prefix", "")} in its URL; name Prometheus itself`);
    },
  );
});

test("a connection that ends without an answer is said in words, without a library's code", async () => {
  const url = await serve((request) => void request.socket.destroy());
  const { reading } = await read(`scrape:${url}/metrics`);
  expect(reading).toMatchObject({
    reason: "unreachable",
    detail: `${url}/metrics: the connection was closed before the whole answer had come`,
  });
});

test("of two gateways, the one that does not answer is named", async () => {
  const well = await answering(200, "text/plain", PAGE)();
  const dead = await nowhere();
  const { reading } = await read(`scrape:${well}/metrics,${dead}/metrics`);
  const said = `unreachable: ${dead}/metrics: the connection was refused`;
  const lacking = expect.stringContaining(said) as string;
  expect(reading).toMatchObject({ kind: "windows", lacking });
  expect((await read(`scrape:${well}/metrics`)).reading).not.toHaveProperty("lacking");
});

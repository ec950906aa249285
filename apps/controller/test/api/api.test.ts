import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { VIEW } from "./fake-environments.ts";
import type { Served } from "./serve.ts";
import { INGEST_TOKEN, serve, statusOf, TOKEN } from "./serve.ts";

let served: Served;
beforeEach(async () => {
  served = await serve();
});
afterEach(async () => served.close());

const BEARER = { authorization: `Bearer ${TOKEN}` };
const START = { command: "start", who: "ana", reason: "go", id: "a-1" };

async function get(path: string, headers: Record<string, string> = BEARER): Promise<Response> {
  return fetch(`${served.url}${path}`, { headers });
}

async function command(
  body: unknown,
  headers: Record<string, string> = {},
  name = "production",
): Promise<Response> {
  return fetch(`${served.url}/api/v1/environments/${name}/commands`, {
    method: "POST",
    headers: { ...BEARER, "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

async function ingest(body: Uint8Array | string, token = INGEST_TOKEN): Promise<Response> {
  return fetch(`${served.url}/api/v1/ingest/production`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" },
    body: typeof body === "string" ? body : new Uint8Array(body),
  });
}

describe("views", () => {
  test("history takes a part of the time and a number of points, and refuses what is neither", async () => {
    const ask = async (query: string): Promise<Response> =>
      fetch(`${served.url}/api/v1/environments/production/history${query}`, {
        headers: { authorization: `Bearer ${TOKEN}` },
      });
    const query = "?from=2026-11-26T12:00:00Z&to=1795694400000&points=100";
    expect((await ask(query)).status).toBe(200);
    expect((await ask("")).status).toBe(200);
    expect((await ask("?points=700")).status).toBe(200);
    expect(served.environments.wishes).toEqual([
      { from: Date.UTC(2026, 10, 26, 12), to: 1_795_694_400_000, points: 100 },
      null,
      { from: -30 * 86_400_000, to: Number.MAX_SAFE_INTEGER, points: 700 },
    ]);
    for (const wrong of [
      "?from=yesterday",
      "?to=-1",
      "?points=9",
      "?points=10001",
      "?points=1e3",
    ]) {
      const answer = await ask(wrong);
      const field = /\w+/.exec(wrong)?.[0];
      expect([wrong, answer.status, await answer.text()]).toEqual([
        wrong,
        400,
        expect.stringContaining(`${field}: `),
      ]);
    }
  });

  test("a recording is sent as lines, and who leaves early does not lock out the next one", async () => {
    const url = `${served.url}/api/v1/environments/production/recording?from=1&to=2`;
    const init = { headers: { authorization: `Bearer ${TOKEN}` } };
    await (await fetch(url, init)).body?.cancel();
    expect((await fetch(url, { ...init, method: "HEAD" })).status).toBe(200);
    const answer = await fetch(url, init);
    expect(answer.headers.get("content-type")).toBe("application/x-ndjson");
    expect(await answer.text()).toBe('{"from":1,"to":2}\nline 0\nline 1\nline 2\n');
  });

  test("of all environments, and of one", async () => {
    const list = await get("/api/v1/environments");
    expect(await list.json()).toEqual({ environments: [VIEW] });
    const one = await get("/api/v1/environments/production");
    expect(await one.json()).toEqual(VIEW);
    expect(one.headers.get("cache-control")).toBe("no-store");
    expect(one.headers.get("set-cookie")).toBeNull();
  });

  test.each(["", "/events"])("of an unknown environment%s there is none", async (path) => {
    const response = await get(`/api/v1/environments/other${path}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: { code: "not-found", sentence: "There is no such environment." },
    });
  });

  test("a fault inside is told to the controller, and not to the client", async () => {
    served.environments.fault = new Error(`the secret is ${TOKEN}`);
    const response = await get("/api/v1/environments/production");
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(served.faults).toEqual([served.environments.fault]);
  });
});

describe("commands", () => {
  test("a command that is taken is answered with what it did", async () => {
    const response = await command(START);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ accepted: true, sentence: "Started." });
    expect(served.environments.commands).toEqual([START]);
  });

  test("a command that is refused is answered with 409 and the sentence why not", async () => {
    served.environments.answer = { accepted: false, sentence: "The rollout has started already." };
    const response = await command(START);
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({
      accepted: false,
      sentence: "The rollout has started already.",
    });
  });

  test.each([
    { name: "no JSON", body: "{", status: 400, sentence: "The body is not valid JSON." },
    {
      name: "approve without a stage",
      body: { ...START, command: "approve" },
      status: 400,
      sentence: "stage: given with approve, and only with it",
    },
    {
      name: "a body that is too large",
      body: { ...START, reason: "x".repeat(20_000) },
      status: 413,
      sentence: "The body is too large.",
    },
  ])("$name is refused, and nothing is asked for", async ({ body, status, sentence }) => {
    const response = await command(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { sentence } });
    expect(served.environments.commands).toEqual([]);
  });

  test("what a form of any page could send is refused", async () => {
    const response = await command(START, { "content-type": "text/plain" });
    expect(response.status).toBe(415);
    expect(served.environments.commands).toEqual([]);
  });

  test("an environment that is unknown takes none", async () => {
    expect((await command(START, {}, "other")).status).toBe(404);
  });

  test("one that hangs is answered in time", async () => {
    await served.close();
    served = await serve({ limitMs: 50 });
    served.environments.isHung = true;
    const response = await command(START);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: "timed-out" } });
    expect(served.faults).toEqual([]);
  });
});

describe("access", () => {
  const PATHS = ["/api/v1/environments", "/api/v1/environments/production", "/metrics"];

  test.each([...PATHS, "/api/v1/environments/production/events", "/api/v1/openapi.json"])(
    "%s needs the token",
    async (path) => {
      expect((await get(path, {})).status).toBe(401);
      expect((await get(path, { authorization: `Bearer ${TOKEN}x` })).status).toBe(401);
      expect((await get(path, { authorization: `Bearer ${INGEST_TOKEN}` })).status).toBe(401);
      expect((await get(path, { authorization: TOKEN })).status).toBe(401);
    },
  );

  test("a command needs the token", async () => {
    expect((await command(START, { authorization: "" })).status).toBe(401);
    expect(served.environments.commands).toEqual([]);
  });

  test("after ten wrong tokens in a minute the address is told to wait, and the right one passes", async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 11; i += 1) {
      // oxlint-disable-next-line no-await-in-loop -- One after the other.
      statuses.push((await get("/metrics", { authorization: "Bearer wrong" })).status);
    }
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429]);
    const late = await get("/metrics", { authorization: "Bearer wrong" });
    expect(late.headers.get("retry-after")).toBe("60");
    expect((await get("/metrics")).status).toBe(200);
  });

  test.each([
    { name: "another origin", headers: { origin: "http://evil.test" } },
    { name: "an origin that is null", headers: { origin: "null" } },
    { name: "a page of another site", headers: { "sec-fetch-site": "cross-site" } },
  ])("$name is refused, even with the token", async ({ headers }) => {
    const sent = { ...BEARER, ...headers };
    expect(await statusOf(`${served.url}/api/v1/environments`, sent)).toBe(403);
  });

  test("a page of its own origin is served", async () => {
    const sent = { ...BEARER, origin: served.url, "sec-fetch-site": "same-origin" };
    expect(await statusOf(`${served.url}/api/v1/environments`, sent)).toBe(200);
  });

  test("without a token it is served to this machine, by no name of someone else", async () => {
    await served.close();
    served = await serve({ token: null });
    const url = `${served.url}/api/v1/environments`;
    expect((await get("/api/v1/environments", {})).status).toBe(200);
    expect(await statusOf(url, { host: "localhost:8790" })).toBe(200);
    expect(await statusOf(url, { host: "rebound.evil.test" })).toBe(403);
  });
});

describe("events posted", () => {
  test.each([
    { name: "as they are", body: '{"a":1}\n' as string | Uint8Array },
    { name: "compressed", body: gzipSync('{"a":1}\n') },
  ])("are taken $name", async ({ body }) => {
    const response = await ingest(body);
    expect(await response.json()).toEqual({
      kind: "taken",
      events: 1,
      repeated: 0,
      late: 0,
      early: 0,
      unreadable: 0,
    });
    expect(response.status).toBe(200);
    expect(served.environments.ingested).toEqual([
      { text: '{"a":1}\n', contentType: "application/x-ndjson" },
    ]);
  });

  test.each([
    { reason: "no-source", status: 404 },
    { reason: "not-understood", status: 400 },
    { reason: "too-large", status: 413 },
    { reason: "busy", status: 503 },
  ] as const)("that are refused for $reason get $status", async ({ reason, status }) => {
    served.environments.ingestAnswer = { kind: "refused", reason, sentence: "No." };
    expect((await ingest("{}")).status).toBe(status);
  });

  test("are not taken with the token of commands", async () => {
    expect((await ingest("{}", TOKEN)).status).toBe(401);
    expect(served.environments.ingested).toEqual([]);
  });

  test("that unpack to far more than they are get 413", async () => {
    expect((await ingest(gzipSync(Buffer.alloc(65 * 1024 * 1024)))).status).toBe(413);
    expect(served.environments.ingested).toEqual([]);
  });

  test("that cannot be unpacked get 400", async () => {
    expect((await ingest(gzipSync("{}").subarray(0, 12))).status).toBe(400);
  });

  test("are never taken where no token for them is set", async () => {
    await served.close();
    served = await serve({ ingestToken: null });
    const response = await ingest("{}");
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("INGEST_TOKEN is not set");
    expect((await get("/.well-known/fastly/logging/challenge")).status).toBe(404);
  });

  test("Fastly's challenge is answered", async () => {
    const response = await get("/.well-known/fastly/logging/challenge", {});
    expect(await response.text()).toBe("*\n");
  });
});

test("health and readiness need no token", async () => {
  expect((await get("/healthz", {})).status).toBe(200);
  expect((await get("/readyz", {})).status).toBe(200);
  served.environments.isUp = false;
  expect((await get("/healthz", {})).status).toBe(200);
  expect((await get("/readyz", {})).status).toBe(503);
});

test("metrics are those of the controller", async () => {
  const response = await get("/metrics");
  expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  expect(await response.text()).toBe("edgezero_controller_ticks_total 1\n");
});

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { delayOf, openSource } from "@edgezero/evidence/open-source";
import type { EvidenceReading } from "@edgezero/evidence/source";
import type { SourceConfig } from "@edgezero/evidence/source-config";
import { EVIDENCE_OPTIONS } from "@edgezero/testbed/contracts/evidence-source";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const SECRET = "a-secret-of-a-test";
const OPTIONS = { ...EVIDENCE_OPTIONS, env: { TOKEN: SECRET, EMPTY: "" } };

describe("a config that names no source is refused", () => {
  test.each([
    {
      name: "another scheme",
      given: "statsd:localhost",
      said: '"statsd:" is no source; allowed: scrape:',
    },
    { name: "no scheme", given: "/metrics", said: '":" is no source' },
    { name: "no URL", given: "scrape:localhost:9464", said: "scrape: needs a URL such as" },
    { name: "another protocol", given: "prometheus:ftp://a", said: "prometheus: needs a URL" },
    {
      name: "several servers",
      given: "prometheus:http://a,http://b",
      said: "takes one URL, not 2",
    },
    { name: "an address of events", given: "events:http://a", said: "events: takes no address" },
    {
      name: "a variable that is not set",
      given: { url: "scrape:http://a", tokenEnv: "ABSENT" },
      said: "tokenEnv names ABSENT, which is not set",
    },
    {
      name: "a variable that is empty",
      given: { url: "scrape:http://a", user: "ann", passwordEnv: "EMPTY" },
      said: "passwordEnv names EMPTY, which is not set",
    },
    {
      name: "a user without a password",
      given: { url: "scrape:http://a", user: "ann" },
      said: "user and passwordEnv go together",
    },
    {
      name: "two ways to prove who asks",
      given: { url: "scrape:http://a", tokenEnv: "TOKEN", tokenFile: "/token" },
      said: "only one of tokenEnv, tokenFile and user",
    },
    {
      name: "an authority that cannot be read",
      given: { url: "scrape:https://a", caFile: "/nowhere/ca.pem" },
      said: "caFile /nowhere/ca.pem: ENOENT",
    },
  ])("$name", ({ given, said }) => {
    expect(() => openSource(given, OPTIONS)).toThrow(said);
  });

  test("credentials in a URL, which are not shown", () => {
    const open = (): unknown => openSource(`scrape:http://ann:${SECRET}@host/metrics`, OPTIONS);
    expect(open).toThrow("scrape:http://host has credentials in its URL");
    expect(open).not.toThrow(SECRET);
  });
});

test("events are late by nature, and pages are not", () => {
  const given = ["events:", "scrape:http://a", { url: "events:", delayMs: 5 }];
  expect(given.map(delayOf)).toEqual([10_000, 0, 5]);
});

test("several pages make one source", () => {
  const source = openSource("scrape:http://a/metrics,http://b/metrics", OPTIONS);
  expect([source.name, source.location]).toEqual([
    "scrape",
    "scrape:http://a/metrics,http://b/metrics",
  ]);
});

test("a query, which may have a secret in it, is not shown", async () => {
  const page = `http://127.0.0.1:9/metrics?key=${SECRET}`;
  const sources = [
    `scrape:${page},${page}2`,
    `scrape+dns:${page}`,
    `prometheus:${page.replace("metrics", "prometheus")}`,
  ];
  for (const given of sources) {
    const source = openSource(given, OPTIONS);
    const reading = await source.read({
      now: Date.now(),
      since: null,
      signal: new AbortController().signal,
    });
    await source.close();
    expect(reading.kind).toBe("missing");
    expect(JSON.stringify([source.location, reading])).not.toContain(SECRET);
    expect(source.location).toMatch(/127\.0\.0\.1:9\/(?:metrics|prometheus)$/);
  }
});

describe("a server with an authority and credentials", () => {
  let folder: string;
  let certificate: string;
  let url: string;
  const asked: IncomingMessage[] = [];
  let server: ReturnType<typeof createServer>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "edgezero-evidence-"));
    const key = join(folder, "key.pem");
    certificate = join(folder, "certificate.pem");
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...subject];
    execFileSync("openssl", [...request, "-keyout", key, "-out", certificate], { stdio: "ignore" });
    server = createServer(
      { key: readFileSync(key), cert: readFileSync(certificate) },
      (message, response) => {
        asked.push(message);
        response.writeHead(200, { "content-type": "text/plain" });
        response.end('edgezero_requests_total{path="legacy"} 1\n');
      },
    ).listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `https://localhost:${(server.address() as AddressInfo).port}/metrics`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  async function read(config: Omit<SourceConfig, "url">): Promise<EvidenceReading> {
    const source = openSource({ url: `scrape:${url}`, ...config }, { ...OPTIONS, windowMs: 5000 });
    const signal = new AbortController().signal;
    const reading = await source.read({ now: Date.now(), since: null, signal });
    await source.close();
    return reading;
  }

  const authorization = (): string => String(asked.at(-1)?.headers.authorization);

  test("an authority that is not trusted is missing", async () => {
    expect(await read({})).toMatchObject({ kind: "missing", reason: "unreachable" });
    expect(asked).toEqual([]);
  });

  test("a bearer token by its variable", async () => {
    expect(await read({ caFile: certificate, tokenEnv: "TOKEN" })).toMatchObject({
      kind: "windows",
    });
    expect(authorization()).toBe(`Bearer ${SECRET}`);
  });

  test("a bearer token by its file, and none where the file is gone", async () => {
    const tokenFile = join(folder, "token");
    writeFileSync(tokenFile, "another-token\n");
    expect(await read({ caFile: certificate, tokenFile })).toMatchObject({ kind: "windows" });
    expect(authorization()).toBe("Bearer another-token");
    rmSync(tokenFile);
    expect(await read({ caFile: certificate, tokenFile })).toMatchObject({ reason: "refused" });
  });

  test("a user and a password", async () => {
    const config = { caFile: certificate, user: "ann", passwordEnv: "TOKEN" };
    expect(await read(config)).toMatchObject({ kind: "windows" });
    expect(authorization()).toBe(`Basic ${Buffer.from(`ann:${SECRET}`).toString("base64")}`);
  });
});

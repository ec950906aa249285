import { createHmac } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AT_10 } from "./operator.ts";
import { proofSite, SECRET } from "./proof-site.ts";

const AT_0 = { ...AT_10, edgezero_rollout_pct: "0" };
const AT_5 = { ...AT_10, edgezero_rollout_pct: "5" };

const site = proofSite();

describe("a rollback is verified", () => {
  test("by signed probes, with default settings on both sides", async () => {
    const { url } = await site.gateway();
    const { code, document } = await site.run(`rollback --json --url ${url}`);
    expect(document).toMatchObject({
      verified: true,
      judgedBy: "probe",
      instances: 1,
      epoch: "2872f577",
      timeToZeroMs: expect.any(Number) as number,
      openAtEdgezero: 0,
      served: [{ isProven: true, findings: [], judgedBy: "probe", instances: 1 }],
    });
    expect(code).toBe(0);
  });

  test("with the secret and the gateways of the config file, without an option", async () => {
    const { url } = await site.gateway();
    const shop = {
      store: "file:./rollout.json",
      urls: [url],
      instances: 1,
      probe: { secretEnv: "SHOP_PROBES" },
    };
    const path = join(site.operator.folder, "edgezero.config.json");
    writeFileSync(path, JSON.stringify({ environments: { shop } }));
    const env = { EDGEZERO_STORE: "", SHOP_PROBES: SECRET };
    const { code, stdout } = await site.operator.run("rollback", env);
    expect(stdout).toMatch(/^Rolled back, and verified/);
    expect(stdout).not.toContain(SECRET);
    expect(code).toBe(0);
    site.operator.put(AT_10);
    const without = await site.operator.run("rollback", { EDGEZERO_STORE: "" });
    expect(without.stdout).toContain("no probe could be signed: SHOP_PROBES is not set");
    expect(without.code).toBe(7);
    expect(site.operator.values()).toEqual(AT_0);
  });

  test("by four processes behind one port, each seen", async () => {
    const { url } = await site.four();
    const { code, document } = await site.run(`rollback --json --instances 4 --url ${url}`);
    expect(document).toMatchObject({ verified: true, instances: 4 });
    expect(code).toBe(0);
  });
});

test("probes come at most 20 a second, each with a query and a connection of its own", async () => {
  const paths: string[] = [];
  const { url, seen } = await site.fake((response, _, request) => {
    paths.push(request.url ?? "");
    // No answer of a gateway, and none that would end the probes.
    response.destroy();
  });
  const startedAt = performance.now();
  await site.run(`rollback --timeout 8 --url ${url}`);
  // By the whole run, since probes that wait here to be taken come close together.
  const tookS = (performance.now() - startedAt) / 1000;
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.length).toBeLessThanOrEqual(20 * (tookS + 1));
  expect(new Set(paths).size).toBe(paths.length);
  expect(new Set(seen.map(({ port }) => port)).size).toBe(seen.length);
});

test("a gateway whose clock is an hour off is asked by its own", async () => {
  const tokens: string[] = [];
  const { url } = await site.fake((response, _, request) => {
    tokens.push(String(request.headers["x-edgezero-probe"]));
    response.setHeader("date", new Date(Date.now() - 3_600_000).toUTCString());
    response.setHeader("x-edgezero-path", "legacy").end();
  });
  await site.run(`rollback --url ${url}`);
  const leftS = Number(tokens.at(-1)?.split(".")[0]) - (Date.now() - 3_600_000) / 1000;
  expect(Math.abs(leftS)).toBeLessThan(60);
});

test("instances are not counted on Cloudflare and Fastly", async () => {
  const { code, stderr } = await site.run("rollback --store fastly://abc --instances 4");
  expect(stderr).toContain("--instances is not for a Cloudflare or Fastly store");
  expect(code).toBe(2);
});

describe("status", () => {
  test("is 0 by proof, 8 where it differs, 11 where it cannot tell, and 5 without a store", async () => {
    const { url } = await site.gateway();
    const proven = await site.run(`status --url ${url}`);
    expect(proven.stdout).toContain("serves what is configured (signed probes, epoch edf5d6bc)");
    expect(proven.code).toBe(0);
    const other = join(site.operator.folder, "other.json");
    writeFileSync(other, JSON.stringify(AT_5));
    const differs = await site.run(`status --store file:./other.json --url ${url}`);
    expect(differs.stdout).toContain("it serves other values: epoch edf5d6bc, not");
    expect(differs.code).toBe(8);
    const wrong = await site.run(`status --url ${url}`, "another secret that has 32 characters");
    expect(wrong.code).toBe(11);
    const byPath = await site.run(`status --url ${url}`, "");
    expect(byPath.code).toBe(11);
    rmSync(site.operator.path);
    // Without values to compare it looks for a short time only, in which a busy gateway may not answer.
    await expect
      .poll(async () => site.run(`status --url ${url}`))
      .toMatchObject({
        code: 5,
        stdout: expect.stringMatching(
          /it serves epoch [\da-f]+; the store could not be read/,
        ) as string,
        stderr: expect.stringContaining("does not exist") as string,
      });
  }, 120_000);

  test("a secret that is too short is refused, and not shown", async () => {
    const { code, stderr } = await site.run("status --url http://127.0.0.1:1", "hunter22");
    expect(stderr).toContain("EDGEZERO_PROBE_SECRET has 8 characters, not at least 32");
    expect(stderr).not.toContain("hunter22");
    expect(code).toBe(2);
  });
});

describe("doctor", () => {
  test.each([
    { name: "no gateway", args: "", secret: SECRET, why: "no gateway is named" },
    { name: "a bad secret", args: "", secret: "hunter22", why: "EDGEZERO_PROBE_SECRET has 8" },
    {
      name: "another secret",
      args: "--url",
      secret: "another secret that has 32 characters",
      why: "does not answer signed probes",
    },
    { name: "three of four", args: "--instances 4 --url", secret: SECRET, why: "1 of 4 instances" },
    {
      name: "all is well",
      args: "--url",
      secret: SECRET,
      why: "answers signed probes (1 instance)",
    },
    {
      name: "no secret",
      args: "--url",
      secret: "",
      why: "a rollback could not be proven: probes are not signed",
    },
  ])("says why no rollback could be proven: $name", async ({ args, secret, why }) => {
    const { url } = await site.gateway();
    const { stdout } = await site.run(
      `doctor ${args}${args.endsWith("--url") ? ` ${url}` : ""}`,
      secret,
    );
    expect(stdout).toContain(why);
  });
});

describe("doctor asks a gateway by signed probes alone, where it answers them", () => {
  test("so that all is well without x-edgezero-path", async () => {
    writeFileSync(join(site.operator.folder, "edgezero.config.json"), "{}");
    const settings = { PROBE_SECRET: SECRET, PATH_HEADER: "never" };
    const { url } = await site.gatewayWith(settings);
    const { code, document } = await site.run(`doctor --json --url ${url}`);
    const findings = document["findings"] as { level: string }[];
    expect(findings.filter(({ level }) => level !== "ok")).toEqual([]);
    expect(code).toBe(0);
  });

  test("so that no request reaches its origins", async () => {
    const { url, seen } = await site.fake((response, _number, request) => {
      const token = String(request.headers["x-edgezero-probe"]);
      const bucket = Number(token.split(".")[2]);
      const path = bucket < 10 ? "edgezero" : "legacy";
      const answer = `path=${path}; reason=bucket; pct=10; bucket=${bucket}; epoch=edf5d6bc; instance=0123456789abcdef; open=0`;
      response.setHeader("x-edgezero-probe", `${answer}; signature=${signatureOf(token, answer)}`);
      response.setHeader("date", new Date(Date.now() - 3_600_000).toUTCString());
      response.writeHead(204).end();
    });
    const { stdout } = await site.run(`doctor --url ${url}`);
    expect(stdout).toContain("answers signed probes (1 instance)");
    expect(stdout).toMatch(/its clock is -(?:3600|3601|359\d) s off this one/);
    expect(seen.every(({ forwardedFor }) => forwardedFor === "undefined")).toBe(true);
  });
});

describe("set", () => {
  test("with --url waits until it is served", async () => {
    const { url } = await site.gateway();
    const { code, document } = await site.run(`set 5 --json --url ${url}`);
    expect(document).toMatchObject({ written: true, isServed: true, judgedBy: "probe" });
    expect(code).toBe(0);
  });

  test("with --url says what does not serve it", async () => {
    const other = join(site.operator.folder, "other.json");
    writeFileSync(other, JSON.stringify(AT_10));
    const { url } = await site.gateway(other);
    const { code, stdout } = await site.run(`set 5 --timeout 2 --url ${url}`);
    expect(stdout).toContain("The store holds it. NOT seen to be served");
    expect(code).toBe(7);
  });

  test("with --wait needs a gateway", async () => {
    const { code, stderr } = await site.run("set 5 --wait");
    expect(stderr).toContain("--wait needs a gateway");
    expect(code).toBe(2);
    expect(site.operator.values()).toEqual(AT_10);
  });
});

/** Signs an answer by the description in decision 023, as any gateway does. */
function signatureOf(token: string, answer: string): string {
  const text = `edgezero-probe\n${token.split(".").at(-1)}\n${answer}`;
  return createHmac("sha256", SECRET).update(text).digest("base64url");
}

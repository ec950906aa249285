import { createHmac } from "node:crypto";
import { linkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Balancer } from "./balancer.ts";
import { startBalancer } from "./balancer.ts";
import type { FakeGateway } from "./fake-gateway.ts";
import { startFakeGateway } from "./fake-gateway.ts";
import type { Gateway } from "./gateway-fleet.ts";
import { startGateway } from "./gateway-fleet.ts";
import type { Operator } from "./operator.ts";
import { AT_10, createOperator } from "./operator.ts";
import type { Run } from "./run-cli.ts";

const SECRET = "the secret of probes, of 32 characters and more";
const AT_0 = { ...AT_10, edgezero_rollout_pct: "0" };
const AT_5 = { ...AT_10, edgezero_rollout_pct: "5" };

let operator: Operator;
const gateways: Gateway[] = [];
const balancers: Balancer[] = [];
const fakes: FakeGateway[] = [];

beforeEach(() => {
  operator = createOperator();
});
afterEach(async () => {
  for (const { close } of [...balancers.splice(0), ...fakes.splice(0)]) close();
  await Promise.all(gateways.splice(0).map(({ stop }) => stop()));
  operator.cleanUp();
});

/** A gateway with the secret of probes, and else with the settings that people have. */
async function gateway(path = operator.path, secret = SECRET): Promise<Gateway> {
  const started = await startGateway(path, secret === "" ? {} : { PROBE_SECRET: secret });
  gateways.push(started);
  return started;
}

async function fake(answer: Parameters<typeof startFakeGateway>[0]): Promise<FakeGateway> {
  const started = await startFakeGateway(answer);
  fakes.push(started);
  return started;
}

const run = async (args: string, secret = SECRET): Promise<Run> =>
  operator.run(args, { EDGEZERO_PROBE_SECRET: secret });

describe("a rollback is verified", () => {
  test("by signed probes, with default settings on both sides", async () => {
    const { url } = await gateway();
    const { code, document } = await run(`rollback --json --url ${url}`);
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
    const { url } = await gateway();
    const shop = {
      store: "file:./rollout.json",
      urls: [url],
      instances: 1,
      probe: { secretEnv: "SHOP_PROBES" },
    };
    const path = join(operator.folder, "edgezero.config.json");
    writeFileSync(path, JSON.stringify({ environments: { shop } }));
    const env = { EDGEZERO_STORE: "", SHOP_PROBES: SECRET };
    const { code, stdout } = await operator.run("rollback", env);
    expect(stdout).toMatch(/^Rolled back, and verified/);
    expect(stdout).not.toContain(SECRET);
    expect(code).toBe(0);
    operator.put(AT_10);
    const without = await operator.run("rollback", { EDGEZERO_STORE: "" });
    expect(without.stdout).toContain("no probe could be signed: SHOP_PROBES is not set");
    expect(without.code).toBe(7);
    expect(operator.values()).toEqual(AT_0);
  });

  test("by four processes behind one port, each seen", async () => {
    const all = await Promise.all([gateway(), gateway(), gateway(), gateway()]);
    const { url } = await balance(all);
    const { code, document } = await run(`rollback --json --instances 4 --url ${url}`);
    expect(document).toMatchObject({ verified: true, instances: 4 });
    expect(code).toBe(0);
  });
});

async function balance(all: readonly Gateway[]): Promise<Balancer> {
  const started = await startBalancer(all.map(({ url }) => Number(new URL(url).port)));
  balancers.push(started);
  return started;
}

describe("a rollback is NOT verified", () => {
  const headline = /^Rolled back in the store\. NOT verified: /;

  test("where all probes were one client, which was on legacy all along", async () => {
    const { url } = await gateway(operator.path, "");
    const { code, stdout } = await run(`rollback --probes 10 --url ${url}`, "");
    expect(stdout).toMatch(headline);
    expect(stdout).toContain(
      "all probes may have counted as one client that was on legacy already",
    );
    expect(code).toBe(7);
  });

  test.each([
    { name: "of other values", values: AT_5, epoch: "22800be5" },
    { name: "of the same values", values: AT_10, epoch: "edf5d6bc" },
  ])("where the gateway reads another store $name", async ({ values }) => {
    const other = join(operator.folder, "other.json");
    writeFileSync(other, JSON.stringify(values));
    const { url } = await gateway(other);
    const { code, stdout } = await run(`rollback --timeout 3 --url ${url}`);
    expect(stdout).toMatch(headline);
    expect(stdout).toMatch(/(another store: it serves |the old values \()epoch [\da-f]+/);
    expect(code).toBe(7);
  });

  test("where the gateway reads another store that is at zero", async () => {
    const other = join(operator.folder, "other.json");
    writeFileSync(other, JSON.stringify(AT_0));
    const { url } = await gateway(other);
    const { code, stdout } = await run(`rollback --timeout 3 --url ${url}`);
    expect(stdout).toMatch(headline);
    expect(code).toBe(7);
  });

  test("where the gateway has a file of its own, mounted alone", async () => {
    // The host replaces the file by its name; the container keeps the old one, as this link does.
    const mounted = join(operator.folder, "mounted.json");
    linkSync(operator.path, mounted);
    const { url } = await gateway(mounted);
    const { code, stdout } = await run(`rollback --timeout 3 --url ${url}`);
    expect(stdout).toMatch(headline);
    expect(stdout).toContain("it still serves the old values (epoch edf5d6bc)");
    expect(code).toBe(7);
  });

  test("where no gateway is named", async () => {
    const { code, stdout } = await run("rollback");
    expect(stdout).toMatch(/^Rolled back in the store\. NOT verified: no gateway was named/);
    expect(code).toBe(7);
  });

  test("where the store was at zero before", async () => {
    operator.put(AT_0);
    const { url } = await gateway();
    const { code, stdout } = await run(`rollback --url ${url}`);
    expect(stdout).toMatch(headline);
    expect(stdout).toContain("this does not show that it reads this store");
    expect(stdout).not.toContain("Time to zero");
    expect(code).toBe(7);
  });

  test("where the gateway has another secret, after three answers", async () => {
    const { url } = await gateway(operator.path, "another secret that has 32 characters");
    const { code, document, stdout } = await run(`rollback --json --url ${url}`);
    expect(stdout).toContain("this gateway does not answer signed probes: PROBE_SECRET is not set");
    expect((document["served"] as { probes: number }[])[0]?.probes).toBe(3);
    expect(code).toBe(7);
  });

  test("where one of two processes has no secret", async () => {
    const { url } = await balance([await gateway(), await gateway(operator.path, "")]);
    const { code, stdout } = await run(`rollback --url ${url}`);
    expect(stdout).toContain("an instance of it has no PROBE_SECRET, or a different one");
    expect(code).toBe(7);
  });

  describe.each(["--instances 4", ""])("by four processes behind one port (%j)", (option) => {
    test("of which one is stopped", async () => {
      const all = await Promise.all([gateway(), gateway(), gateway(), gateway()]);
      const { url } = await balance(all);
      const pid = all[2]?.pid ?? 0;
      process.kill(pid, "SIGSTOP");
      try {
        const { code, stdout } = await run(`rollback --timeout 5 ${option} --url ${url}`);
        expect(stdout).toMatch(headline);
        expect(code).toBe(7);
      } finally {
        process.kill(pid, "SIGCONT");
      }
    });

    test("of which one reads another file", async () => {
      const other = join(operator.folder, "other.json");
      writeFileSync(other, JSON.stringify(AT_10));
      const all = await Promise.all([gateway(), gateway(), gateway(), gateway(other)]);
      const { url } = await balance(all);
      const { code, stdout } = await run(`rollback --timeout 5 ${option} --url ${url}`);
      expect(stdout).toMatch(headline);
      expect(stdout).toContain("1 of the 4 instances seen still serve other values");
      expect(code).toBe(7);
    });
  });

  test.each(["--instances 4", ""])(
    "by four processes of which one reads another file that is at zero (%j)",
    async (option) => {
      const other = join(operator.folder, "other.json");
      writeFileSync(other, JSON.stringify(AT_0));
      // The last of them: it is not asked before the write.
      const all = await Promise.all([gateway(), gateway(), gateway(), gateway(other)]);
      const { url } = await balance(all);
      const { code, stdout } = await run(`rollback --timeout 5 ${option} --url ${url}`);
      expect(stdout).toMatch(headline);
      expect(code).toBe(7);
    },
  );

  test("where the secret is too short, which holds up nothing and is not shown", async () => {
    const { url } = await gateway();
    const { code, stdout } = await run(`rollback --url ${url}`, "hunter22");
    expect(stdout).toContain("EDGEZERO_PROBE_SECRET has 8 characters, not at least 32");
    expect(stdout).not.toContain("hunter22");
    expect(operator.values()).toEqual(AT_0);
    expect(code).toBe(7);
  });
});

test("probes come at most 20 a second, each with a query and a connection of its own", async () => {
  const times: number[] = [];
  const paths = new Set<string>();
  const { url, seen } = await fake((response, _, request) => {
    times.push(performance.now());
    paths.add(request.url ?? "");
    // No answer of a gateway, and none that would end the probes.
    response.destroy();
  });
  await run(`rollback --timeout 3 --url ${url}`);
  expect(times.length).toBeGreaterThan(20);
  for (const [i, at] of times.entries()) {
    // Both clocks and sockets take their time.
    expect(at - (times[i - 20] ?? -1000)).toBeGreaterThan(900);
  }
  expect(paths.size).toBe(times.length);
  expect(new Set(seen.map(({ port }) => port)).size).toBe(seen.length);
});

test("a gateway whose clock is an hour off is asked by its own", async () => {
  const tokens: string[] = [];
  const { url } = await fake((response, _, request) => {
    tokens.push(String(request.headers["x-edgezero-probe"]));
    response.setHeader("date", new Date(Date.now() - 3_600_000).toUTCString());
    response.setHeader("x-edgezero-path", "legacy").end();
  });
  await run(`rollback --timeout 3 --url ${url}`);
  const leftS = Number(tokens.at(-1)?.split(".")[0]) - (Date.now() - 3_600_000) / 1000;
  expect(Math.abs(leftS)).toBeLessThan(60);
});

test("instances are not counted on Cloudflare and Fastly", async () => {
  const { code, stderr } = await run("rollback --store fastly://abc --instances 4");
  expect(stderr).toContain("--instances is not for a Cloudflare or Fastly store");
  expect(code).toBe(2);
});

describe("status", () => {
  test("is 0 by proof, 8 where it differs, 11 where it cannot tell, and 5 without a store", async () => {
    const { url } = await gateway();
    const proven = await run(`status --url ${url}`);
    expect(proven.stdout).toContain("serves what is configured (signed probes, epoch edf5d6bc)");
    expect(proven.code).toBe(0);
    const other = join(operator.folder, "other.json");
    writeFileSync(other, JSON.stringify(AT_5));
    const differs = await run(`status --store file:./other.json --url ${url}`);
    expect(differs.stdout).toContain("it serves other values: epoch edf5d6bc, not");
    expect(differs.code).toBe(8);
    const wrong = await run(`status --url ${url}`, "another secret that has 32 characters");
    expect(wrong.code).toBe(11);
    const byPath = await run(`status --url ${url}`, "");
    expect(byPath.code).toBe(11);
    rmSync(operator.path);
    const gone = await run(`status --url ${url}`);
    expect(gone.stderr).toContain("does not exist");
    expect(gone.stdout).toMatch(/it serves epoch [\da-f]+; the store could not be read/);
    expect(gone.code).toBe(5);
  });

  test("a secret that is too short is refused, and not shown", async () => {
    const { code, stderr } = await run("status --url http://127.0.0.1:1", "hunter22");
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
    const { url } = await gateway();
    const { stdout } = await run(
      `doctor ${args}${args.endsWith("--url") ? ` ${url}` : ""}`,
      secret,
    );
    expect(stdout).toContain(why);
  });
});

describe("doctor asks a gateway by signed probes alone, where it answers them", () => {
  test("so that all is well without x-edgezero-path", async () => {
    writeFileSync(join(operator.folder, "edgezero.config.json"), "{}");
    const settings = { PROBE_SECRET: SECRET, PATH_HEADER: "never" };
    const started = await startGateway(operator.path, settings);
    gateways.push(started);
    const { code, document } = await run(`doctor --json --url ${started.url}`);
    const findings = document["findings"] as { level: string }[];
    expect(findings.filter(({ level }) => level !== "ok")).toEqual([]);
    expect(code).toBe(0);
  });

  test("so that no request reaches its origins", async () => {
    const { url } = await fake((response, _number, request) => {
      const token = String(request.headers["x-edgezero-probe"]);
      const bucket = Number(token.split(".")[2]);
      const path = bucket < 10 ? "edgezero" : "legacy";
      const answer = `path=${path}; reason=bucket; pct=10; bucket=${bucket}; epoch=edf5d6bc; instance=0123456789abcdef; open=0`;
      response.setHeader("x-edgezero-probe", `${answer}; signature=${signatureOf(token, answer)}`);
      response.setHeader("date", new Date(Date.now() - 3_600_000).toUTCString());
      response.writeHead(204).end();
    });
    const { stdout } = await run(`doctor --url ${url}`);
    expect(stdout).toContain("answers signed probes (1 instance)");
    expect(stdout).toMatch(/its clock is -36\d\d s off this one/);
    expect(fakes.at(-1)?.seen.every(({ forwardedFor }) => forwardedFor === "undefined")).toBe(true);
  });
});

describe("set", () => {
  test("with --url waits until it is served", async () => {
    const { url } = await gateway();
    const { code, document } = await run(`set 5 --json --url ${url}`);
    expect(document).toMatchObject({ written: true, isServed: true, judgedBy: "probe" });
    expect(code).toBe(0);
  });

  test("with --url says what does not serve it", async () => {
    const other = join(operator.folder, "other.json");
    writeFileSync(other, JSON.stringify(AT_10));
    const { url } = await gateway(other);
    const { code, stdout } = await run(`set 5 --timeout 2 --url ${url}`);
    expect(stdout).toContain("The store holds it. NOT seen to be served");
    expect(code).toBe(7);
  });

  test("with --wait needs a gateway", async () => {
    const { code, stderr } = await run("set 5 --wait");
    expect(stderr).toContain("--wait needs a gateway");
    expect(code).toBe(2);
    expect(operator.values()).toEqual(AT_10);
  });
});

/** Signs an answer by the description in decision 023, as any gateway does. */
function signatureOf(token: string, answer: string): string {
  const text = `edgezero-probe\n${token.split(".").at(-1)}\n${answer}`;
  return createHmac("sha256", SECRET).update(text).digest("base64url");
}

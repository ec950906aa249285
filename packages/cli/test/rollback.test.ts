import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FakeGateway } from "./fake-gateway.ts";
import { startFakeGateway } from "./fake-gateway.ts";
import type { Gateway } from "./gateway-fleet.ts";
import { startGateway } from "./gateway-fleet.ts";
import type { Operator } from "./operator.ts";
import { AT_10, createOperator } from "./operator.ts";
import { runCli } from "./run-cli.ts";
import { untilSeenBefore } from "./until-seen-before.ts";

const AT_0 = { ...AT_10, edgezero_rollout_pct: "0" };

let operator: Operator;
const gateways: Gateway[] = [];
const fakes: FakeGateway[] = [];

beforeEach(() => {
  operator = createOperator();
});
afterEach(async () => {
  await Promise.all(gateways.splice(0).map(({ stop }) => stop()));
  for (const { close } of fakes.splice(0)) close();
  operator.cleanUp();
});

async function gateway(path = operator.path, env?: Record<string, string>): Promise<Gateway> {
  const started = await startGateway(path, env);
  gateways.push(started);
  return started;
}

async function fake(answer: Parameters<typeof startFakeGateway>[0]): Promise<FakeGateway> {
  const started = await startFakeGateway(answer);
  fakes.push(started);
  return started;
}

describe("without a url", () => {
  test("writes 0 without asking, reads it back, and says in the headline that nothing served was checked", async () => {
    const { code, stdout } = await operator.run('rollback --reason "errors on checkout"');
    expect(code).toBe(7);
    expect(stdout).toMatch(/^Rolled back in the store\. NOT verified: no gateway was named/);
    expect(operator.values()).toEqual(AT_0);
    expect(operator.entries()).toMatchObject([
      { kind: "intent", command: "rollback", from: null, reason: "errors on checkout" },
      { kind: "result", result: "unverified", values: AT_0 },
    ]);
  });

  test("with --disable turns the switch off, too", async () => {
    expect((await operator.run("rollback --disable")).code).toBe(7);
    expect(operator.values()).toEqual({ edgezero_enabled: "false", edgezero_rollout_pct: "0" });
  });

  test.each(["", "banana", "250"])("replaces the value %j, which is none", async (pct) => {
    operator.put({ ...AT_10, edgezero_rollout_pct: pct });
    expect((await operator.run("rollback")).code).toBe(7);
    expect(operator.values()).toEqual(AT_0);
  });
});

describe("while all else is broken", () => {
  test("a lock of someone else is not waited for, which the trail says", async () => {
    const since = new Date().toISOString();
    const holder = { who: "bob@desk", host: hostname(), pid: process.pid, since, command: "set" };
    writeFileSync(operator.lockPath, JSON.stringify(holder));
    expect((await operator.run("rollback")).code).toBe(7);
    expect(operator.values()).toEqual(AT_0);
    expect(operator.entries()).toMatchObject([
      { note: "lock-not-waited-for", detail: expect.stringContaining("bob@desk") as string },
      { kind: "intent" },
      { kind: "result" },
    ]);
  });

  test.each([
    ["is not JSON", "edgezero.config.json", "{"],
    ["is not valid", "edgezero.config.json", '{"plan": "none"}'],
    ["throws", "edgezero.config.ts", "throw new Error('broken');"],
    ["does not compile", "edgezero.config.ts", "export default {{"],
    ["never ends", "edgezero.config.ts", "await new Promise(() => {}); export default {};"],
  ])("a config file that %s", async (_, name, content) => {
    writeFileSync(join(operator.folder, name), content);
    const { code, stderr } = await operator.run("rollback");
    expect(code).toBe(7);
    expect(stderr).toContain("warning:");
    expect(operator.values()).toEqual(AT_0);
    expect((await operator.run("set 5 --yes")).code === 0).toBe(false);
  });

  test("a store that only a broken config file names cannot be found, which is loud", async () => {
    writeFileSync(join(operator.folder, "edgezero.config.json"), "{");
    const { code, stderr } = await operator.run("rollback", { EDGEZERO_STORE: "" });
    expect(code).toBe(2);
    expect(stderr).toContain("NOT ROLLED BACK");
    expect(operator.values()).toEqual(AT_10);
  });

  test("a trail that ends in a torn line, and whose middle was changed", async () => {
    await operator.run("set 5");
    writeFileSync(operator.trailPath, '{"torn');
    expect((await operator.run("rollback")).code).toBe(7);
    expect(operator.values()).toEqual(AT_0);
  });
});

describe("a store that does not take the write", () => {
  test("is tried again until it does", async () => {
    rmSync(operator.path);
    const { code, stdout } = await runCli(["rollback"], {
      cwd: operator.folder,
      env: { EDGEZERO_STORE: "file:./rollout.json" },
      onStderr: (text) => text.includes("trying again") && operator.put(AT_10),
    });
    expect(code).toBe(7);
    expect(stdout).toContain("Rolled back");
    expect(operator.values()).toEqual(AT_0);
  });

  test.each([
    ["there is none", () => rmSync(operator.path), "does not exist"],
    ["it is no JSON", () => writeFileSync(operator.path, "{"), "does not hold valid JSON"],
  ])("ends with a code and a message of its own: %s", async (_, breakIt, why) => {
    breakIt();
    const { code, stdout, stderr } = await operator.run("rollback --timeout 5");
    expect(code).toBe(6);
    expect(stdout).toContain("NOT ROLLED BACK");
    expect(stdout).toContain(why);
    expect(stderr).toContain("trying again");
  });
});

describe("with gateways", () => {
  test("is verified by the epoch that each response names, for clients of distinct buckets", async () => {
    const [one, two] = await Promise.all([gateway(), gateway()]);
    const { code, document } = await untilSeenBefore(async () => {
      operator.put(AT_10);
      return operator.run(`rollback --json --probes 10 --url ${one.url} --url ${two.url}`);
    });
    expect(document).toMatchObject({
      verified: true,
      judgedBy: "detail",
      instances: null,
      timeToZeroMs: expect.any(Number) as number,
      served: [
        { url: `${one.url}/`, isProven: true, judgedBy: "detail" },
        { url: `${two.url}/`, isProven: true, judgedBy: "detail" },
      ],
    });
    expect(code).toBe(0);
  });

  test("which take all probes for one client are not", async () => {
    const { url } = await gateway(operator.path, { ATTRIBUTION: "detail" });
    const { code, stdout } = await operator.run(`rollback --probes 10 --url ${url}`);
    expect(code).toBe(7);
    expect(stdout).toMatch(
      /^Rolled back in the store\. NOT verified: .*all probes were one client/,
    );
  });

  test("that were on legacy before are not, and no time to zero is claimed", async () => {
    operator.put(AT_0);
    const { url } = await gateway();
    const { code, stdout } = await operator.run(`rollback --probes 10 --url ${url}`);
    expect(code).toBe(7);
    expect(stdout).toContain("this does not show that it reads this store");
    expect(stdout).not.toContain("Time to zero");
  });

  test("that name no values are not, whatever their paths", async () => {
    const { url } = await gateway(operator.path, { TRUST_PROXY: "loopback" });
    const args = `rollback --json --probes 10 --url ${url}`;
    const { code, document, stdout } = await operator.run(args);
    expect(code).toBe(7);
    expect(stdout).toContain(
      "all probes may have counted as one client that was on legacy already",
    );
    expect(document).toMatchObject({ verified: false, judgedBy: "none", timeToZeroMs: null });
  });

  test("one that reads another store is written, but not verified", async () => {
    const other = join(operator.folder, "other.json");
    writeFileSync(other, JSON.stringify(AT_10));
    const [good, bad] = await Promise.all([gateway(), gateway(other)]);
    // The first that is not proven is told, and a busy machine may see the good one change too late.
    const run = await operator.run(
      `rollback --probes 10 --timeout 8 --url ${bad.url} --url ${good.url}`,
    );
    expect(run.code).toBe(7);
    expect(run.stdout).toMatch(
      new RegExp(
        `^Rolled back in the store\\. NOT verified: ${bad.url}/: .*(another store: it serves |the old values \\()epoch`,
      ),
    );
    expect(run.stdout).toContain(`${bad.url}/: NOT proven\n`);
    expect(operator.values()).toEqual(AT_0);
    expect(operator.entries().at(-1)).toMatchObject({ kind: "result", result: "unverified" });
  });

  test("one process of many behind a url that stays behind is found", async () => {
    const { url } = await fake((response, number) => {
      const epoch = number % 5 === 0 ? "edf5d6bc" : "2872f577";
      response.setHeader("x-edgezero-decision", `reason=rollback; pct=0; epoch=${epoch}`);
      response.setHeader("x-edgezero-path", "legacy").end();
    });
    const { code, document } = await operator.run(
      `rollback --json --probes 10 --timeout 8 --url ${url}`,
    );
    expect(code).toBe(7);
    expect(document).toMatchObject({ verified: false });
  });

  test("--accept-unverified takes a written rollback for enough, and says no more than that", async () => {
    const accepted = await operator.run("rollback --accept-unverified --json");
    expect(accepted.code).toBe(0);
    expect(accepted.document).toMatchObject({ ok: true, written: true, verified: false });
    rmSync(operator.path);
    expect((await operator.run("rollback --accept-unverified --timeout 0.5")).code).toBe(6);
  });

  test.each([["that is no gateway", (): void => {}, "the response has no x-edgezero-path"]])(
    "one %s cannot verify anything",
    async (_, __, why) => {
      const { url } = await fake((response) => response.end());
      const { code, stdout } = await operator.run(`rollback --timeout 5 --url ${url}`);
      expect(code).toBe(7);
      expect(stdout).toContain(why);
    },
  );

  test("one that cannot be reached cannot verify anything, and does not hold up the write", async () => {
    const { code, stdout } = await operator.run("rollback --timeout 5 --url http://127.0.0.1:1");
    expect(code).toBe(7);
    expect(stdout).toContain("ECONNREFUSED");
    expect(operator.values()).toEqual(AT_0);
  });

  test("probes come on connections of their own, as clients of their own", async () => {
    const { url, seen } = await fake((response) => {
      response.setHeader("x-edgezero-path", "legacy").end();
    });
    expect((await operator.run(`rollback --probes 20 --url ${url}`)).code).toBe(7);
    expect(seen.length).toBeGreaterThanOrEqual(20);
    expect(new Set(seen.map(({ port }) => port)).size).toBe(seen.length);
    expect(new Set(seen.map(({ forwardedFor }) => forwardedFor)).size).toBe(seen.length);
    expect(seen.every(({ forwardedFor }) => /^198\.1[89]\./.test(forwardedFor))).toBe(true);
  });

  test("a value that is raised again meanwhile is not taken for zero", async () => {
    let isRaised = false;
    const { url } = await fake((response) => {
      // Zero was read back before anything is recorded, and no proof is there before it is raised.
      if (!existsSync(operator.trailPath)) return;
      if (!isRaised) operator.put(AT_10);
      isRaised = true;
      response.setHeader("x-edgezero-path", "legacy").end();
    });
    const { code, stdout } = await operator.run(`rollback --url ${url} --probes 20`);
    expect(code).toBe(7);
    expect(stdout).toContain("someone else has written since");
  });
});

test("a trail's folder that cannot be made stops nothing", async () => {
  writeFileSync(join(operator.folder, "file"), "");
  mkdirSync(join(operator.folder, "sub"));
  const config = { environments: { a: { store: "file:./rollout.json", audit: "file/x/y.jsonl" } } };
  writeFileSync(join(operator.folder, "edgezero.config.json"), JSON.stringify(config));
  const { code, stdout } = await operator.run("rollback --env a", { EDGEZERO_STORE: "" });
  expect(code).toBe(7);
  expect(stdout).toContain("Not recorded in the audit trail");
});

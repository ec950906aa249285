import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startForwardProxy } from "@edgezero/testbed/forward-proxy";
import { startFakeGateway } from "./fake-gateway.ts";
import { startGateway } from "./gateway-fleet.ts";
import type { Operator } from "./operator.ts";
import { AT_10, createOperator } from "./operator.ts";
import type { Run } from "./run-cli.ts";

let operator: Operator;

beforeEach(() => {
  operator = createOperator();
});
afterEach(() => operator.cleanUp());

const MOST_RUNS = 3;

/** Runs the command, and again where a probe was given up after two seconds, as a busy machine may need more. */
async function allAnswered(args: string): Promise<Run> {
  for (let runs = 1; ; runs++) {
    const run = await operator.run(args);
    if (runs === MOST_RUNS || !run.stdout.includes("no response in 2000 ms")) return run;
  }
}

describe("status", () => {
  test.each([
    [{ edgezero_enabled: "true", edgezero_rollout_pct: "10" }, "bucket", "about 1 in 10 clients"],
    [
      { edgezero_enabled: "true", edgezero_rollout_pct: " +7\n" },
      "bucket",
      "about 7 in 100 clients",
    ],
    [{ edgezero_enabled: "yes", edgezero_rollout_pct: "10" }, "disabled", "off: every client"],
    [{ edgezero_enabled: "1" }, "pct-absent", "without a percentage"],
    [{ edgezero_enabled: "1", edgezero_rollout_pct: "x" }, "pct-invalid", "not one"],
    [
      { edgezero_enabled: "1", edgezero_rollout_pct: "100" },
      "cutover",
      "every client goes to EdgeZero",
    ],
  ] as const)("%j is %s", async (values, reason, meaning) => {
    operator.put(values);
    const { code, document } = await operator.run("status --json");
    expect(code).toBe(0);
    expect(document).toMatchObject({ ok: true, state: { reason }, values });
    expect((await operator.run("status")).stdout).toContain(meaning);
  });

  test("names who changed it last, and why", async () => {
    await operator.run('set 5 --reason "too warm" --as bob@desk');
    const { stdout } = await operator.run("status");
    expect(stdout).toMatch(/last change +set 10 -> 5 by bob@desk .*, written \("too warm"\)/);
  });

  test("a store that is not there has a code of its own", async () => {
    const { code, document } = await operator.run("status --json", {
      EDGEZERO_STORE: "file:./no.json",
    });
    expect(code).toBe(5);
    expect(document).toMatchObject({ ok: false, error: { code: "store-unavailable" } });
  });

  test.each(["ftp://x", "rollout.json", ""])("the store %j is none", async (store) => {
    const { code, stderr } = await operator.run("status", { EDGEZERO_STORE: store });
    expect(code).toBe(store === "" ? 2 : 5);
    expect(stderr).not.toContain("    at ");
  });

  test("a store in two ways is one too many", async () => {
    expect((await operator.run("status --store file:./a.json --env b")).code).toBe(2);
  });
});

describe("environments", () => {
  const config = {
    plan: [{ pct: 5, hold: "1h" }],
    defaultEnvironment: "staging",
    environments: {
      staging: { store: "file:./rollout.json", audit: "trails/staging.jsonl" },
      production: { store: "file:./production.json", plan: [{ pct: 100, hold: "1d" }] },
    },
  };
  const NONE = { EDGEZERO_STORE: "" };

  test.each([
    ["edgezero.config.json", JSON.stringify(config)],
    [
      "edgezero.config.ts",
      `import type { RolloutConfig } from "nowhere";\nexport default ${JSON.stringify(config)} satisfies RolloutConfig;`,
    ],
  ])(
    "of %s: the default one, and others by name, with plan and trail of their own",
    async (name, text) => {
      writeFileSync(join(operator.folder, name), text);
      writeFileSync(join(operator.folder, "production.json"), JSON.stringify(AT_10));
      const staging = await operator.run("status --json", NONE);
      expect(staging.document).toMatchObject({
        environment: "staging",
        store: `file:${operator.path}`,
        audit: { path: join(operator.folder, "trails/staging.jsonl") },
      });
      expect((await operator.run("set 100 --yes --env production", NONE)).code).toBe(0);
      expect((await operator.run("status --env nowhere", NONE)).stderr).toContain(
        "It has: staging, production.",
      );
    },
  );

  test("the store's URL has the plan of the environment with the same one", async () => {
    writeFileSync(join(operator.folder, "edgezero.config.json"), JSON.stringify(config));
    expect((await operator.run("status --json")).document["environment"]).toBe("staging");
  });

  test.each([
    [
      {
        plan: [
          { pct: 50, hold: "1h" },
          { pct: 10, hold: "1h" },
        ],
      },
      "percentages that rise",
    ],
    [{ plan: [{ pct: 50, hold: "soon" }] }, "a duration such as 90s, 30m"],
    [{ defaultEnvironment: "x" }, "the name of one of the environments"],
    [{ enviroments: {} }, "enviroments"],
  ])("%j is refused with what is wrong", async (content, why) => {
    writeFileSync(join(operator.folder, "edgezero.config.json"), JSON.stringify(content));
    const { code, stderr } = await operator.run("status");
    expect(code).toBe(2);
    expect(stderr).toContain(why);
  });
});

describe("with gateways", () => {
  test("says that they serve what is configured, by epoch and with the share", async () => {
    const gateway = await startGateway(operator.path);
    const { code, document } = await allAnswered(`status --json --url ${gateway.url}`);
    await gateway.stop();
    expect(document).toMatchObject({
      agree: true,
      served: [
        {
          probes: 100,
          failed: 0,
          edgezero: 10,
          legacy: 90,
          forwardedForHonoured: "yes",
          sharePct: 10,
          judgedBy: "epoch",
        },
      ],
    });
    expect(code).toBe(0);
  });

  test("says plainly when all probes are one client", async () => {
    const gateway = await startGateway(operator.path, { ATTRIBUTION: "detail" });
    const run = await allAnswered(`status --url ${gateway.url}`);
    await gateway.stop();
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(
      /all probes are one client: bucket \d+; the share cannot be measured from here: .*TRUST_PROXY/,
    );
    expect(run.stdout).toContain("serves what is configured (judged by epoch)");
  });

  test("one that serves other values has a code of its own", async () => {
    const other = join(operator.folder, "other.json");
    writeFileSync(other, JSON.stringify({ ...AT_10, edgezero_rollout_pct: "50" }));
    for (const env of [
      { TRUST_PROXY: "loopback", ATTRIBUTION: "detail" },
      { TRUST_PROXY: "loopback" },
    ]) {
      const gateway = await startGateway(other, env);
      const run = await operator.run(`status --url ${gateway.url} --json`);
      await gateway.stop();
      expect(run.code).toBe(8);
      expect(run.document).toMatchObject({ ok: false, agree: false, error: { code: "disagree" } });
    }
  });

  test("one that never answers is given up", async () => {
    const fake = await startFakeGateway(() => {});
    const { code, stdout } = await operator.run(`status --probes 4 --url ${fake.url}`);
    fake.close();
    expect(code).toBe(11);
    expect(stdout).toContain("cannot tell whether it serves the configured values");
    expect(stdout).toContain("no response in 2000 ms");
  });
});

describe("doctor", () => {
  test("finds nothing wrong with what is well", async () => {
    writeFileSync(join(operator.folder, "edgezero.config.json"), "{}");
    const gateway = await startGateway(operator.path);
    const { code, document } = await allAnswered(`doctor --json --url ${gateway.url}`);
    await gateway.stop();
    const findings = document["findings"] as { check: string; level: string }[];
    expect(findings.filter(({ level }) => level !== "ok")).toEqual([]);
    expect(code).toBe(0);
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining(["versions", "config", "store", "keys", "permission", "audit trail"]),
    );
  });

  test("says what to do about each thing that is not", async () => {
    operator.put({ ...AT_10, edgezero_rollout_pct: "1O" });
    writeFileSync(join(operator.folder, "edgezero.config.json"), "{");
    writeFileSync(operator.trailPath, '{"seq": 1}\n');
    const { code, document } = await operator.run("doctor --json --url http://127.0.0.1:1");
    expect(code).toBe(10);
    const findings = document["findings"] as {
      check: string;
      level: string;
      todo: string | null;
    }[];
    const bad = findings.filter(({ level }) => level === "bad");
    expect(bad.map(({ check }) => check)).toEqual([
      "config",
      "keys",
      "audit trail",
      "http://127.0.0.1:1/",
    ]);
    expect(bad.every(({ todo }) => (todo ?? "").length > 10)).toBe(true);
  });

  test("names the proxy through which a gateway is asked, without its password", async () => {
    const proxy = await startForwardProxy();
    const fake = await startFakeGateway((response) => {
      response.setHeader("x-edgezero-path", "legacy").end();
    });
    proxy.hosts.set("gateway.example:80", Number(new URL(fake.url).port));
    const { stdout } = await operator.run("doctor --url http://gateway.example/", {
      HTTP_PROXY: proxy.url.replace("//", "//ann:s3cret@"),
    });
    fake.close();
    await proxy.close();
    expect(stdout).toContain(
      `http://gateway.example is asked through the proxy ${proxy.url} of HTTP_PROXY`,
    );
    expect(stdout).not.toContain("s3cret");
    expect(proxy.asked).toContainEqual(expect.stringMatching(/^GET http:\/\/gateway\.example\//));
    expect(fake.seen.length).toBeGreaterThan(0);
  });

  test("a clock that is off shows", async () => {
    const fake = await startFakeGateway((response) => {
      response.setHeader("date", new Date(Date.now() - 3_600_000).toUTCString());
      response.setHeader("x-edgezero-path", "legacy").end();
    });
    const { stdout } = await operator.run(`doctor --url ${fake.url}`);
    fake.close();
    expect(stdout).toMatch(/its clock is -(?:3600|3601|359\d) s off this one/);
  });
});

import { linkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AT_10 } from "./operator.ts";
import { proofSite } from "./proof-site.ts";

const AT_0 = { ...AT_10, edgezero_rollout_pct: "0" };
const AT_5 = { ...AT_10, edgezero_rollout_pct: "5" };

const site = proofSite();

describe("a rollback is NOT verified", () => {
  const headline = /^Rolled back in the store\. NOT verified: /;

  test("where all probes were one client, which was on legacy all along", async () => {
    const { url } = await site.gateway(site.operator.path, "");
    const { code, stdout } = await site.run(`rollback --probes 10 --url ${url}`, "");
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
    const other = join(site.operator.folder, "other.json");
    writeFileSync(other, JSON.stringify(values));
    const { url } = await site.gateway(other);
    const { code, stdout } = await site.run(`rollback --timeout 8 --url ${url}`);
    expect(stdout).toMatch(headline);
    expect(stdout).toMatch(/this gateway reads another store: it serves epoch [\da-f]+/);
    expect(code).toBe(7);
  });

  test("where the gateway reads another store that is at zero", async () => {
    const other = join(site.operator.folder, "other.json");
    writeFileSync(other, JSON.stringify(AT_0));
    const { url } = await site.gateway(other);
    const { code, stdout } = await site.run(`rollback --timeout 8 --url ${url}`);
    expect(stdout).toMatch(headline);
    expect(code).toBe(7);
  });

  test("where the gateway has a file of its own, mounted alone", async () => {
    // The host replaces the file by its name; the container keeps the old one, as this link does.
    const mounted = join(site.operator.folder, "mounted.json");
    linkSync(site.operator.path, mounted);
    const { url } = await site.gateway(mounted);
    const { code, stdout } = await site.run(`rollback --timeout 8 --url ${url}`);
    expect(stdout).toMatch(headline);
    expect(stdout).toContain("this gateway reads another store: it serves epoch edf5d6bc");
    expect(code).toBe(7);
  });

  test("where no gateway is named", async () => {
    const { code, stdout } = await site.run("rollback");
    expect(stdout).toMatch(/^Rolled back in the store\. NOT verified: no gateway was named/);
    expect(code).toBe(7);
  });

  test("where the store was at zero before", async () => {
    site.operator.put(AT_0);
    const { url } = await site.gateway();
    const { code, stdout } = await site.run(`rollback --url ${url}`);
    expect(stdout).toMatch(headline);
    expect(stdout).toContain("this does not show that it reads this store");
    expect(stdout).not.toContain("Time to zero");
    expect(code).toBe(7);
  });

  test("where the gateway has another secret, after three answers", async () => {
    const { url } = await site.gateway(site.operator.path, "another secret that has 32 characters");
    const { code, document, stdout } = await site.run(`rollback --json --url ${url}`);
    expect(stdout).toContain("this gateway does not answer signed probes: PROBE_SECRET is not set");
    expect((document["served"] as { probes: number }[])[0]?.probes).toBe(3);
    expect(code).toBe(7);
  });

  test("where one of two processes has no secret", async () => {
    const { url } = await site.balance([
      await site.gateway(),
      await site.gateway(site.operator.path, ""),
    ]);
    const { code, stdout } = await site.run(`rollback --url ${url}`);
    expect(stdout).toContain("an instance of it has no PROBE_SECRET, or a different one");
    expect(code).toBe(7);
  });

  describe.each(["--instances 4", ""])("by four processes behind one port (%j)", (option) => {
    test("of which one is stopped", async () => {
      const { url, all } = await site.four();
      const pid = all[2]?.pid ?? 0;
      process.kill(pid, "SIGSTOP");
      try {
        const { code, stdout } = await site.run(`rollback --timeout 5 ${option} --url ${url}`);
        expect(stdout).toMatch(headline);
        expect(code).toBe(7);
      } finally {
        process.kill(pid, "SIGCONT");
      }
    });

    test("of which one reads another file", async () => {
      const other = join(site.operator.folder, "other.json");
      writeFileSync(other, JSON.stringify(AT_10));
      const { url } = await site.four(other);
      const { code, stdout } = await site.run(`rollback --timeout 12 ${option} --url ${url}`);
      expect(stdout).toMatch(headline);
      expect(stdout).toContain("1 of the 4 instances seen still serve other values");
      expect(code).toBe(7);
    });
  });

  test.each(["--instances 4", ""])(
    "by four processes of which one reads another file that is at zero (%j)",
    async (option) => {
      const other = join(site.operator.folder, "other.json");
      writeFileSync(other, JSON.stringify(AT_0));
      // The last of them: it is not asked before the write.
      const { url } = await site.four(other);
      const { code, stdout } = await site.run(`rollback --timeout 5 ${option} --url ${url}`);
      expect(stdout).toMatch(headline);
      expect(code).toBe(7);
    },
  );

  test("where the secret is too short, which holds up nothing and is not shown", async () => {
    const { url } = await site.gateway();
    const { code, stdout } = await site.run(`rollback --url ${url}`, "hunter22");
    expect(stdout).toContain("EDGEZERO_PROBE_SECRET has 8 characters, not at least 32");
    expect(stdout).not.toContain("hunter22");
    expect(site.operator.values()).toEqual(AT_0);
    expect(code).toBe(7);
  });
});

import { createForce } from "@edgezero/rollout/force";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Operator } from "./operator.ts";
import { createOperator } from "./operator.ts";

const SECRET = "a secret of at least 32 characters";
const env = { FORCE_SECRET: SECRET };
const state = { enabled: true, rolloutPct: 10, reason: "bucket", epoch: "ab12cd" } as const;

let operator: Operator;

beforeAll(() => {
  operator = createOperator(null);
});
afterAll(() => operator.cleanUp());

/** The path that a gateway with the secret takes for a token. */
async function forcedTo(token: string): Promise<string | null> {
  const { override } = createForce<Request>({ secret: SECRET });
  const request = new Request("https://site.example/", { headers: { "x-edgezero-force": token } });
  return override(request, state);
}

describe("force-token", () => {
  test.each([
    ["force-token", "edgezero"],
    ["force-token --path legacy --expires 7d", "legacy"],
  ])("%s prints a token that gateways take, and nothing else", async (args, path) => {
    const { code, stdout, stderr } = await operator.run(args, env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await forcedTo(stdout.trimEnd())).toBe(path);
  });

  test("with --url prints the link that leads to that page", async () => {
    const args = "force-token --url https://www.example.com/checkout?step=2";
    const link = new URL((await operator.run(args, env)).stdout);
    expect(link.origin + link.pathname).toBe("https://www.example.com/.edgezero/force");
    expect(link.searchParams.get("to")).toBe("/checkout?step=2");
    expect(await forcedTo(link.searchParams.get("token") ?? "")).toBe("edgezero");
  });

  test("with --json says when it expires", async () => {
    const { document } = await operator.run("force-token --expires 30m --json", env);
    const { expiresAt, token } = document as { expiresAt: string; token: string };
    const left = Date.parse(expiresAt) - Date.now();
    expect(left).toBeGreaterThan(28 * 60_000);
    expect(left).toBeLessThanOrEqual(30 * 60_000);
    expect(document).toMatchObject({ ok: true, path: "edgezero", link: null });
    expect(await forcedTo(token)).toBe("edgezero");
  });

  test.each([
    ["force-token", {}, "FORCE_SECRET is not set"],
    ["force-token", { FORCE_SECRET: "hunter2!" }, "the force secret has 8 characters"],
    ["force-token --expires 8d", env, "7d, which is the most"],
    ["force-token --expires soon", env, "It must be a duration"],
    ["force-token --path old", env, "Allowed choices are edgezero, legacy"],
    ["force-token --url ftp://a", env, "It must be an http or https URL"],
  ])("%s is refused, and shows no secret", async (args, variables, why) => {
    const { code, stdout, stderr } = await operator.run(args, variables);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(why);
    expect(stderr).not.toMatch(/hunter2|a secret of/);
  });
});

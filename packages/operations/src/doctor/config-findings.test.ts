import { expect, test } from "vitest";
import { brokenConfigFinding, configFinding } from "./config-findings.ts";

test("a config file is missing, valid without a plan, or valid", () => {
  const path = "/site/edgezero.json";
  expect(configFinding(null)).toMatchObject({ level: "warning", todo: "Run `init`." });
  expect(configFinding({ path, config: {} })).toMatchObject({
    level: "ok",
    message: `${path} is valid, and has no plan for all environments`,
  });
  expect(configFinding({ path, config: { plan: {} } }).message).toBe(`${path} is valid`);
});

test("a broken config file says why, and that a rollback needs none", () => {
  expect(brokenConfigFinding("/site/edgezero.json", "it is no JSON")).toEqual({
    check: "config",
    level: "bad",
    message: "it is no JSON",
    todo: "Fix /site/edgezero.json. `rollback --store` works without it.",
  });
});

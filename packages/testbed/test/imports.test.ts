import { describe, expect, test } from "vitest";
import { circlesOf } from "../src/imports/circles.ts";
import { examineImports } from "../src/imports/examine.ts";
import { factsOf } from "../src/imports/imports-of.ts";
import { IMPORT_TABLE } from "../src/imports/table.ts";
import type { Manifest, WorkspacePackage } from "../src/imports/workspace.ts";
import { readWorkspace } from "../src/imports/workspace.ts";

const workspace = readWorkspace();

/** The workspace with one package that differs. */
function withChange(folder: string, change: Partial<WorkspacePackage>): WorkspacePackage[] {
  const at = workspace.findIndex((each) => each.folder === folder);
  return workspace.with(at, { ...packageAt(folder), ...change });
}

/** The workspace with one source more. */
function withSource(folder: string, path: string, text: string): WorkspacePackage[] {
  const { sources } = packageAt(folder);
  return withChange(folder, { sources: { ...sources, [path]: factsOf(path, text) } });
}

function packageAt(folder: string): WorkspacePackage {
  const found = workspace.find((each) => each.folder === folder);
  if (found === undefined) throw new Error(`there is no package in ${folder}`);
  return found;
}

/** A package of our workspace that does not exist. */
function madeUp(folder: string, manifest: Partial<Manifest>): WorkspacePackage {
  const name = `@edgezero/${folder.split("/").at(-1)}`;
  return { folder, manifest: { name, ...manifest }, sources: {}, seen: { types: [], lib: [] } };
}

test("every package keeps the table", () => {
  expect(examineImports(workspace)).toEqual([]);
});

test("the table has each package once", () => {
  const folders = IMPORT_TABLE.flatMap(({ packages }) => packages);
  expect(folders).toEqual([...new Set(folders)]);
});

describe("a wrong import is found", () => {
  const WRONG: readonly {
    name: string;
    folder: string;
    path?: string;
    text: string;
    finding: string;
  }[] = [
    {
      name: "of a package that the row does not list",
      folder: "packages/stores",
      text: 'import { sendDecision } from "@edgezero/gateway";',
      finding:
        "packages/stores/src/x.ts imports @edgezero/gateway. Allowed of ours: rollout, faults; of others: any",
    },
    {
      name: "of types alone",
      folder: "packages/operations",
      text: 'import type { Config } from "edgezero-rollout";',
      finding: "packages/operations/src/x.ts imports edgezero-rollout. Allowed of ours: ",
    },
    {
      name: "by a call",
      folder: "packages/gateway",
      text: 'export const late = () => import("@edgezero/progression/plan");',
      finding: "packages/gateway/src/x.ts imports @edgezero/progression/plan. Allowed",
    },
    {
      name: "in the place of a type",
      folder: "packages/gateway",
      text: 'export type Plan = import("@edgezero/progression/plan").Plan;',
      finding: "packages/gateway/src/x.ts imports @edgezero/progression/plan. Allowed",
    },
    {
      name: "of an export that is passed on",
      folder: "apps/node",
      text: 'export * from "@edgezero/stores/file/operator";',
      finding: "apps/node/src/x.ts imports @edgezero/stores/file/operator. Allowed",
    },
    {
      name: "of the testbed in production",
      folder: "packages/cli",
      text: 'import { freePort } from "@edgezero/testbed/free-port";',
      finding: "packages/cli/src/x.ts imports @edgezero/testbed/free-port. Allowed",
    },
    {
      name: "of conformance in a test",
      folder: "apps/node",
      path: "test/x.test.ts",
      text: 'import { FAIL_SAFE_CASES } from "@edgezero/conformance/fail-safe-cases";',
      finding: "apps/node/test/x.test.ts imports @edgezero/conformance/fail-safe-cases. Allowed",
    },
    {
      name: "of a path that is not exported",
      folder: "packages/conformance",
      text: 'import { send } from "@edgezero/node/test/http-client";',
      finding:
        "packages/conformance/src/x.ts imports @edgezero/node/test/http-client, which apps/node does not export",
    },
    {
      name: "that leaves its package",
      folder: "docs",
      path: "scripts/x.ts",
      text: 'import { run } from "../../packages/cli/src/run.ts";',
      finding: "docs/scripts/x.ts imports ../../packages/cli/src/run.ts, which leaves docs",
    },
    {
      name: "of a library into the core",
      folder: "packages/rollout",
      text: 'import { z } from "zod/mini";',
      finding: "packages/rollout/src/x.ts imports zod/mini. Allowed of ours: none; of others: none",
    },
    {
      name: "of a clock into the progression",
      folder: "packages/progression",
      text: 'import { setTimeout } from "node:timers/promises";',
      finding: "packages/progression/src/x.ts imports node:timers/promises. Allowed",
    },
    {
      name: "of something computed into the core",
      folder: "packages/rollout",
      text: "export const any = (url: string): Promise<unknown> => import(url);",
      finding: "packages/rollout/src/x.ts imports …. Allowed of ours: none",
    },
    {
      name: "of ambient types into the core",
      folder: "packages/rollout",
      text: '/// <reference types="node" />\nexport {};',
      finding: "packages/rollout/src/x.ts references ambient types. Allowed: none",
    },
    {
      name: "of a terminal into operations",
      folder: "packages/operations",
      text: 'import { createInterface } from "node:readline";',
      finding: "packages/operations/src/x.ts imports node:readline. Allowed",
    },
    {
      name: "of an exit code into operations",
      folder: "packages/operations",
      text: "process.exitCode = 1;",
      finding: "packages/operations/src/x.ts uses process.exitCode. Allowed: pid, kill",
    },
    {
      name: "of a library that is only for development",
      folder: "packages/stores",
      text: 'import fc from "fast-check";',
      finding:
        "packages/stores/src/x.ts imports fast-check, which is not among the dependencies of packages/stores/package.json",
    },
  ];

  test.each(WRONG)("$name", ({ folder, path = "src/x.ts", text, finding }) => {
    const found = examineImports(withSource(folder, path, text));
    expect(found.filter((line) => line.startsWith(finding))).toHaveLength(1);
    // Beside it at most the circle that it closes.
    expect(found.filter((line) => !line.includes("in a circle"))).toHaveLength(1);
  });
});

test("a test may import the testbed and development tools", () => {
  const text = 'import "@edgezero/testbed/free-port";\nimport fc from "fast-check";';
  expect(examineImports(withSource("packages/stores", "src/x.test.ts", text))).toEqual([]);
});

test("where only types are allowed, a value is found", () => {
  const manifest = { dependencies: { "@edgezero/progression": "workspace:*" } };
  const evidence = madeUp("packages/evidence", manifest);
  const examine = (text: string): string[] =>
    examineImports([...workspace, { ...evidence, sources: { "src/x.ts": factsOf("x.ts", text) } }]);
  expect(examine('import type { Plan } from "@edgezero/progression/plan";')).toEqual([]);
  expect(examine('import { type Plan } from "@edgezero/progression/plan";')).toEqual([]);
  expect(examine('import { parsePlan } from "@edgezero/progression/plan";')).toHaveLength(1);
});

test("a dependency that the row does not list is found, without any import", () => {
  const manifest = { dependencies: { "@edgezero/stores": "workspace:*" } };
  expect(examineImports([...workspace, madeUp("apps/dashboard", manifest)])).toEqual([
    "apps/dashboard/package.json depends on @edgezero/stores. Allowed of ours: control-api, progression/explain, faults; of others: any",
  ]);
});

test("a package without a row is found", () => {
  expect(examineImports([...workspace, madeUp("packages/common", {})])).toEqual([
    "packages/common has no row in packages/testbed/src/imports/table.ts: add one",
  ]);
});

test("ambient types that a pure package's tsconfig.json lets in are found", () => {
  const seen = { types: ["node"], lib: ["ES2024", "DOM"] };
  expect(examineImports(withChange("packages/progression", { seen }))).toEqual([
    "packages/progression/tsconfig.json lets sources see the types of node. Allowed: none",
    "packages/progression/tsconfig.json lets sources see the types of DOM. Allowed: none",
  ]);
});

test("a circle of packages is found, with its way", () => {
  const text = 'import "@edgezero/operations/reading";';
  expect(examineImports(withSource("packages/stores", "src/x.ts", text)).at(-1)).toBe(
    "packages import each other in a circle: stores → operations → stores",
  );
});

test("circles are found once each, wherever the search begins", () => {
  const edges: Record<string, string[]> = { a: ["b"], b: ["c"], c: ["b", "d"], d: ["d"] };
  expect(circlesOf(["a", "b", "c", "d"], (node) => edges[node] ?? [])).toEqual([
    ["b", "c", "b"],
    ["d", "d"],
  ]);
});

test("all ways to import are read", () => {
  const text = `
    import a from "a";
    import type { B } from "b";
    import "c";
    export { d } from "d";
    export type { E } from "e";
    export * as f from "f";
    const g = await import("g");
    type H = import("h").H;
    import i = require("i");
    require("j");
    import.meta.resolve("k");
    import.meta.resolve("./a-file.ts");
    // import "not";
    const text = 'import "not"';`;
  const { imports } = factsOf("x.ts", text);
  expect(imports.map(({ specifier }) => specifier).toSorted()).toEqual("abcdefghijk".split(""));
  const types = imports.filter(({ isType }) => isType).map(({ specifier }) => specifier);
  expect(types.toSorted()).toEqual("beh".split(""));
});

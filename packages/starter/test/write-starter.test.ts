import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { STARTERS, writeStarter } from "../src/index.ts";

const ROOT = new URL("../../../", import.meta.url);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-starter-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a project, and gives the texts of its files. */
async function textsOf(gateway: string): Promise<Readonly<Record<string, string>>> {
  const project = join(folder, "My Site!");
  const started = await writeStarter(gateway, project);
  if (started.fault !== null) throw new Error(started.fault);
  return Object.fromEntries(
    started.files.map((file) => [file, readFileSync(join(project, file), "utf8")]),
  );
}

describe.each(STARTERS)("a project for %s", (gateway) => {
  test("has a manifest, a README and a .gitignore, with nothing left to fill in", async () => {
    const texts = await textsOf(gateway);
    expect(Object.keys(texts)).toEqual(
      expect.arrayContaining([".gitignore", "README.md", "package.json"]),
    );
    expect(Object.values(texts).join()).not.toContain("{{");
    expect(JSON.parse(texts["package.json"] ?? "")).toMatchObject({
      name: "my-site",
      private: true,
    });
  });

  test("depends on packages of the version that wrote it, and on the repository's versions", async () => {
    const { version } = JSON.parse(
      readFileSync(new URL("packages/starter/package.json", ROOT), "utf8"),
    ) as { version: string };
    const { catalog } = parse(readFileSync(new URL("pnpm-workspace.yaml", ROOT), "utf8")) as {
      catalog: Record<string, string>;
    };
    const { dependencies, devDependencies } = JSON.parse(
      (await textsOf(gateway))["package.json"] ?? "",
    ) as Record<string, Record<string, string>>;
    for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies })) {
      const isOurs = name === "edgezero-rollout" || name.startsWith("@edgezero/");
      const expected = isOurs ? version : (catalog[name] ?? "").replace("^", "");
      expect(`${name} ${range.replace("^", "")}`).toBe(`${name} ${expected}`);
    }
  });
});

test.each(["node", "nginx"])("both keys of %s are off and at 0", async (gateway) => {
  const { "rollout.json": text } = await textsOf(gateway);
  expect(JSON.parse(text ?? "")).toEqual({ edgezero_enabled: "false", edgezero_rollout_pct: "0" });
});

test("nothing is written into a folder that holds something", async () => {
  writeFileSync(join(folder, "notes.txt"), "mine");
  const { fault } = await writeStarter("node", folder);
  expect(fault).toBe(`${folder} is not empty: a new project needs a folder of its own`);
  expect(readdirSync(folder)).toEqual(["notes.txt"]);
});

test("an unknown gateway is refused, with those that there are", async () => {
  const project = join(folder, "x");
  const { fault } = await writeStarter("deno", project);
  expect(fault).toBe("there is no gateway deno: it must be one of node, cloudflare, fastly, nginx");
  expect(readdirSync(folder)).toEqual([]);
});

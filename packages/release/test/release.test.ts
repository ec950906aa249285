import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { closureOf } from "../src/install.ts";
import { licenceFindings } from "../src/licences.ts";
import { manifestToPublish } from "../src/manifest-to-publish.ts";
import { versionsFor } from "../src/node-versions.ts";
import { withRepositoryLinks } from "../src/page-links.ts";
import { publishedPackages, REPOSITORY } from "../src/published-packages.ts";
import { isPlaceholder, repositoryUrl } from "../src/repository-url.ts";

const URL = "https://example.com/someone/edgezero-rollout";

describe("the packed manifest", () => {
  const packed = {
    name: "@edgezero/x",
    scripts: { build: "tsc", postinstall: "node x.js" },
    dependencies: { hono: "^4" },
    devDependencies: { vitest: "^5" },
    publishConfig: { access: "public" },
  };

  test("has the repository's addresses, and no scripts or dependencies of development", () => {
    const place = { folder: "packages/x", isBundled: false };
    expect(manifestToPublish(packed, URL, place)).toEqual({
      name: "@edgezero/x",
      scripts: { postinstall: "node x.js" },
      dependencies: { hono: "^4" },
      publishConfig: { access: "public", provenance: true },
      homepage: `${URL}/tree/main/packages/x#readme`,
      bugs: { url: `${URL}/issues` },
      repository: { type: "git", url: `git+${URL}.git`, directory: "packages/x" },
    });
  });

  test("has no dependencies where the package is a bundle", () => {
    const place = { folder: "packages/x", isBundled: true };
    expect(manifestToPublish(packed, URL, place)).not.toHaveProperty("dependencies");
  });
});

test.each([
  { link: "(../../docs/a.md#b)", expected: `(${URL}/blob/main/docs/a.md#b)` },
  { link: "(VERDICTS.md)", expected: `(${URL}/blob/main/packages/x/VERDICTS.md)` },
  { link: "(../p.svg)", expected: `(${URL}/raw/main/packages/p.svg)` },
  { link: "(#commands)", expected: "(#commands)" },
  { link: "(https://example.com/a.md)", expected: "(https://example.com/a.md)" },
])("a README's link $link becomes $expected", ({ link, expected }) => {
  const text = `See [a page]${link}.`;
  expect(withRepositoryLinks(text, URL, "packages/x")).toBe(`See [a page]${expected}.`);
});

test.each([
  { url: URL, expected: false },
  { url: "https://github.com/OWNER/edgezero-rollout", expected: true },
  { url: "", expected: true },
])("that $url is a placeholder: $expected", ({ url, expected }) => {
  expect(isPlaceholder(url)).toBe(expected);
});

test("the repository's address is in the root's package.json alone", () => {
  expect(repositoryUrl()).toMatch(/^https:\/\//);
  const others = publishedPackages().filter(({ manifest }) => manifest.repository !== undefined);
  expect(others.map(({ folder }) => folder)).toEqual([]);
});

test.each([
  { file: ".github/CODEOWNERS", names: /@([\w-]+)\/maintainers/g },
  { file: "docs/use/gitops.md", names: /uses: ([\w-]+)\/edgezero-rollout/g },
])("$file names the owner of that address", ({ file, names }) => {
  const owner = repositoryUrl().split("/").at(-2);
  const found = [...readFileSync(join(REPOSITORY, file), "utf8").matchAll(names)];
  expect(new Set(found.map(([, name]) => name))).toEqual(new Set([owner]));
});

test.each(publishedPackages())("$folder says what a package page shows", ({ folder }) => {
  const manifest = JSON.parse(readFileSync(join(REPOSITORY, folder, "package.json"), "utf8"));
  expect(manifest).toMatchObject({ license: "Apache-2.0", publishConfig: { access: "public" } });
  expect(manifest.description).toMatch(/\.$/);
  expect(Object.keys(manifest.publishConfig.bin ?? {}).length).toBeLessThanOrEqual(1);
  expect(readFileSync(join(REPOSITORY, folder, "README.md"), "utf8")).toMatch(/^# /);
});

test("a package comes after those that it needs, so that it can be published after them", () => {
  const packages = publishedPackages();
  const names = closureOf(
    packages.map(({ manifest }) => manifest.name),
    packages,
  ).map(({ manifest }) => manifest.name);
  expect(names.toSorted()).toEqual(packages.map(({ manifest }) => manifest.name).toSorted());
  for (const { manifest, isBundled } of packages) {
    const needed = isBundled ? [] : Object.keys(manifest.dependencies ?? {});
    const places = needed.map((name) => names.indexOf(name));
    expect(Math.max(-1, ...places)).toBeLessThan(names.indexOf(manifest.name));
  }
});

test("all packages have one version", () => {
  const versions = publishedPackages().map(({ manifest }) => manifest.version);
  expect(new Set(versions).size).toBe(1);
});

test.each([
  { engines: ">=20", expected: ["20", "22", "24", "26"] },
  { engines: ">=22.18", expected: ["22.18", "22", "24", "26"] },
  { engines: ">=26.5", expected: ["26.5", "26"] },
  { engines: undefined, expected: ["26"] },
])("a package with engines $engines is tried on $expected", ({ engines, expected }) => {
  expect(versionsFor(engines)).toEqual(expected);
});

test.each([
  { licenses: [{ license: { id: "MIT" } }], isFound: false },
  { licenses: [{ expression: "(GPL-3.0 OR MIT)" }], isFound: false },
  { licenses: [{ expression: "MIT AND GPL-3.0" }], isFound: true },
  { licenses: [{ license: { id: "AGPL-3.0" } }], isFound: true },
  { licenses: [], isFound: true },
])("a component with $licenses is found: $isFound", ({ licenses, isFound }) => {
  expect(licenceFindings([{ name: "x", version: "1", licenses }]).length).toBe(isFound ? 1 : 0);
});

describe("the release workflow", () => {
  const workflow = parse(
    readFileSync(join(REPOSITORY, ".github", "workflows", "release.yml"), "utf8"),
  );

  test("publishes only for a tag, after the checks, with an identity for provenance", () => {
    const { publish } = workflow.jobs;
    expect(publish).toMatchObject({
      needs: "check",
      if: "startsWith(github.ref, 'refs/tags/v')",
      permissions: { "id-token": "write" },
    });
    expect(workflow.permissions).toEqual({ contents: "read" });
  });

  test("builds an image of each Dockerfile, for a tag and after the checks", () => {
    const { image } = workflow.jobs;
    expect(image).toMatchObject({ needs: "check", if: "startsWith(github.ref, 'refs/tags/v')" });
    const files = image.strategy.matrix.include.map(({ file }: { file: string }) => file);
    const folder = join(REPOSITORY, "ops", "containers");
    const all = readdirSync(folder).filter((name) => name.endsWith("Dockerfile"));
    expect(files).toEqual(all.map((name) => `ops/containers/${name}`));
  });

  test("publishes by the one script that refuses the placeholder", () => {
    const lines = JSON.stringify(workflow.jobs.publish.steps);
    expect(lines).toContain("run publish:all");
    expect(lines).not.toMatch(/npm publish|pnpm publish|--allow-placeholder/);
  });
});

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startLocalRegistry } from "@edgezero/release/local-registry";
import { describeWithProgram } from "@edgezero/testbed/describe-with-program";
import { freePort } from "@edgezero/testbed/free-port";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { blocksOf } from "../scripts/blocks.ts";
import { DOCS, REPOSITORY } from "../scripts/pages.ts";
import { runPage } from "./run-page.ts";
import { readerEnv } from "./scratch-clone.ts";

/** Next.js reports the use of its commands unless this is set. */
const QUIET = "NEXT_TELEMETRY_DISABLED";
const PACKED = join(REPOSITORY, "release");
const MISSING = existsSync(PACKED)
  ? null
  : "the packages are not packed: npx pnpm@12 build && npx pnpm@12 --filter @edgezero/release pack:all";

// What a reader does who has no clone: from an empty folder, with packages that npm installs.
describeWithProgram(MISSING, "with nothing but the packages", () => {
  let registry: Awaited<ReturnType<typeof startLocalRegistry>>;
  beforeAll(async () => {
    registry = await startLocalRegistry(PACKED);
  });
  afterAll(async () => registry.close());

  test.each([
    { page: "docs/start/express.md", ports: ["3000"] },
    { page: "docs/start/nextjs.md", ports: ["3000"], typed: "shop/proxy.ts" },
    { page: "docs/start/redis.md", ports: ["6379", "8787", "8788", "9464", "9465"] },
  ])("$page", async ({ page, ports, typed }) => {
    const folder = mkdtempSync(join(tmpdir(), "edgezero-walk-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const free = await Promise.all(ports.map(freePort));
    const replacements = Object.fromEntries(ports.map((port, i) => [port, String(free[i])]));
    const [first, ...rest] = blocksOf(page);
    if (first === undefined) throw new Error(`${page} has no blocks`);
    // The Node that the page asks for, and the registry that has the packages.
    const path = `${dirname(process.execPath)}:${readerEnv()["PATH"]}`;
    const before = `export PATH="${path}" npm_config_registry="${registry.url}/" ${QUIET}=1`;
    const terminalEnv = { PATH: path, [QUIET]: "1" };
    await expect(
      runPage(folder, [{ ...first, text: `${before}\n${first.text}` }, ...rest], {
        replacements,
        terminalEnv,
      }),
    ).resolves.toBeUndefined();
    expect(typed === undefined ? "" : typeFaults(join(folder, typed))).toBe("");
  });
});

/** The compiler's faults in a file of an installed project, by the types that its packages bring. */
function typeFaults(file: string): string {
  const tsc = join(DOCS, "node_modules", ".bin", "tsc");
  const types = ["--typeRoots", join(DOCS, "node_modules", "@types"), "--types", "node"];
  const as = ["--noEmit", "--strict", "--skipLibCheck", "--module", "esnext"];
  const { stdout } = spawnSync(tsc, [...as, "--moduleResolution", "bundler", ...types, file], {
    cwd: dirname(file),
    encoding: "utf8",
  });
  return stdout;
}

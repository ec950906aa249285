import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { REPOSITORY } from "../scripts/pages.ts";

/** A copy of the repository as a reader has it after cloning and installing. */
export interface ScratchClone {
  readonly folder: string;
  remove(): void;
}

/** Copies what git knows of, and what it would add, into a folder of its own, and installs. */
export function createScratchClone(): ScratchClone {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-clone-"));
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const listed = execFileSync("git", args, { cwd: REPOSITORY, encoding: "utf8" });
  for (const file of listed.split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    // A file that git still lists may be gone from the working tree.
    cpSync(join(REPOSITORY, file), join(folder, file), { force: true, errorOnExist: false });
  }
  const git = (...command: string[]): Buffer =>
    execFileSync("git", ["-c", "user.name=docs", "-c", "user.email=docs@localhost", ...command], {
      cwd: folder,
    });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-q", "-m", "As it is");
  execFileSync("npx", ["pnpm@12", "install", "--prefer-offline", "--frozen-lockfile"], {
    cwd: folder,
    env: readerEnv(),
    stdio: "pipe",
  });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The environment of someone who reads the documentation: nothing of this test run's own. */
export function readerEnv(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(?:npm_|pnpm_|vitest|turbo|node_|edgezero_|init_cwd$|force_color$|no_color$|ci$|test$|mode$|dev$|prod$)/i.test(
        name,
      ) || /^(?:npm_config_(?:cafile|registry|nodedir|yes)|node_extra_ca_certs)$/i.test(name),
  );
  const path = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((entry) => !entry.startsWith(REPOSITORY));
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    PATH: path.join(delimiter),
    npm_config_yes: "true",
    NO_COLOR: "1",
  };
}

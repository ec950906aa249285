import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Runs the RUN steps of a Dockerfile's build in an empty folder: what `COPY . .` copies is the source, without
 * what .dockerignore names. Gives how many steps there were.
 */
export function runSteps(dockerfile: string, folder: string): number {
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" });
  for (const file of files.split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(ROOT, file), join(folder, file));
  }
  const steps = [...dockerfile.matchAll(/^RUN (.+)$/gm)].map(([, step = ""]) => step);
  for (const step of steps) execFileSync("sh", ["-ec", step], { cwd: folder, stdio: "ignore" });
  return steps.length;
}

/** Lays what the image copies from its build under `root`, in place of `/`. */
export function layImage(dockerfile: string, folder: string, root: string): void {
  for (const [, from = "", to = ""] of dockerfile.matchAll(
    /^COPY --from=build .*\/source\/(\S+) (\S+)$/gm,
  )) {
    cpSync(join(folder, from), join(root, to), { recursive: true });
  }
}

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The gateways that a project can be for. Each has a folder of its name in `templates`. */
export const STARTERS = ["node", "cloudflare", "fastly", "nginx"] as const;

const TEMPLATES = fileURLToPath(new URL("../templates", import.meta.url));
const MANIFEST = new URL("../package.json", import.meta.url);

/** The end of {@link writeStarter}. */
export type Started =
  | { readonly fault: string }
  | {
      readonly fault: null;
      /** The files that were written, from the project's folder. */
      readonly files: readonly string[];
      /** What was done and what comes next, for people. */
      readonly text: string;
    };

/**
 * Writes a small project from which a gateway is deployed. It depends on the published packages, of the
 * version that writes it. Nothing is installed, and no file is replaced.
 *
 * @param folder Is made where it does not exist. One that holds anything is a fault.
 * @returns A fault, as a sentence without its full stop, where nothing was written.
 */
export async function writeStarter(gateway: string, folder: string): Promise<Started> {
  if (!STARTERS.some((each) => each === gateway)) {
    return { fault: `there is no gateway ${gateway}: it must be one of ${STARTERS.join(", ")}` };
  }
  const project = resolve(folder);
  await mkdir(project, { recursive: true });
  if ((await readdir(project)).length > 0) {
    return { fault: `${folder} is not empty: a new project needs a folder of its own` };
  }
  const { version } = JSON.parse(await readFile(MANIFEST, "utf8")) as { readonly version: string };
  const template = join(TEMPLATES, gateway);
  const entries = await readdir(template, { recursive: true, withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const source = join(entry.parentPath, entry.name);
    const file = written(source.slice(template.length + 1));
    const text = await readFile(source, "utf8");
    await mkdir(dirname(join(project, file)), { recursive: true });
    await writeFile(
      join(project, file),
      text.replaceAll("{{version}}", version).replaceAll("{{name}}", nameFor(project)),
      { flag: "wx" },
    );
    files.push(file);
  }
  files.sort();
  const next = `Next: cd ${folder}, npm install, and read README.md.`;
  return { fault: null, files, text: `Wrote ${files.length} files to ${folder}.\n${next}` };
}

/** The name of a template's file in a project: npm would not pack a file named `.gitignore`. */
function written(file: string): string {
  return file === "gitignore" ? ".gitignore" : file;
}

/** A name for the project's `package.json` that npm and Cloudflare accept. */
function nameFor(project: string): string {
  const name = basename(project)
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 54);
  return name === "" ? "edgezero-gateway" : name;
}

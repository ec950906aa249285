// Writes the facts that live in code into the pages, between `<!-- generated: name -->` and
// `<!-- /generated -->`. With `--check` it writes nothing, and fails where a page says anything else.
// With the paths of pages, it looks at those alone.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { DOCS, generatedReadmes, REPOSITORY, sitePages } from "./pages.ts";
import { diagramFile } from "./sections/diagram.ts";
import { SECTIONS } from "./sections/index.ts";

const MARKED = /(<!-- generated: ([\w-]+) -->)[^]*?(<!-- \/generated -->)/g;
const isCheck = process.argv.includes("--check");
const only = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
const used = new Set<string>();
const stale: string[] = [];

for (const path of [...sitePages(), ...generatedReadmes()].filter(isMeant)) {
  const before = readFileSync(path, "utf8");
  const names = [...before.matchAll(MARKED)].map(([, , name = ""]) => name);
  if (names.length !== (before.match(/<!-- \/?generated/g)?.length ?? 0) / 2) {
    throw new Error(`${path} has a mark without its other half`);
  }
  if (names.length === 0) continue;
  const blocks = new Map<string, string>();
  for (const name of names) blocks.set(name, await sectionOf(name, path));
  const after = formatted(
    path,
    before.replace(MARKED, (_, start: string, name: string, end: string) => {
      return `${start}\n\n${blocks.get(name)?.trim()}\n\n${end}`;
    }),
  );
  if (after === before) continue;
  if (isCheck) stale.push(relative(REPOSITORY, path));
  else writeFileSync(path, after);
}

if (isMeant(join(DOCS, "events.md"))) writeEvents();
if (only.length === 0) {
  const unused = Object.keys(SECTIONS).filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`no page has ${unused.join(", ")}`);
  writePicture();
}
if (stale.length > 0) {
  console.error(
    `Out of date: ${stale.join(", ")}. Run: npx pnpm@12 --filter @edgezero/docs generate`,
  );
  process.exitCode = 1;
}

function isMeant(path: string): boolean {
  return only.length === 0 || only.includes(relative(REPOSITORY, path));
}

async function sectionOf(name: string, path: string): Promise<string> {
  const section = SECTIONS[name];
  if (section === undefined) throw new Error(`${path}: there is no section ${name}`);
  used.add(name);
  return section();
}

/** Formats the text, so that formatting and generating never undo each other. */
function formatted(path: string, text: string): string {
  const oxfmt = join(REPOSITORY, "node_modules", ".bin", "oxfmt");
  const { status, stdout, stderr } = spawnSync(oxfmt, [`--stdin-filepath=${path}`], {
    cwd: REPOSITORY,
    input: text,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${path} cannot be formatted: ${stderr}`);
  return stdout;
}

/** The diagram as a file of its own, for the repository's README. */
function writePicture(): void {
  const path = join(DOCS, "public", "request.svg");
  const before = existsSync(path) ? readFileSync(path, "utf8") : "";
  const after = `${diagramFile()}\n`;
  if (after === before) return;
  if (isCheck) stale.push(relative(REPOSITORY, path));
  else writeFileSync(path, after);
}

/** The core writes its own page of events. */
function writeEvents(): void {
  const script = join(REPOSITORY, "packages", "rollout", "scripts", "document-events.ts");
  const args = [script, ...(isCheck ? ["--check"] : [])];
  const { status } = spawnSync(process.execPath, args, { stdio: ["ignore", "inherit", "ignore"] });
  if (status !== 0) stale.push("docs/events.md");
}

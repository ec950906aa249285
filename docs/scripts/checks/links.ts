import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import MarkdownIt from "markdown-it";
import { anchorsOf } from "../anchors.ts";
import { REPOSITORY } from "../pages.ts";

/** The folders that the site serves at addresses that start with a slash. */
const SITE = [join(REPOSITORY, "docs"), join(REPOSITORY, "docs", "public")];

/** The links and pictures of a document whose target is not in the repository. */
export function linkFindings(document: string): string[] {
  const path = join(REPOSITORY, document);
  return linksIn(readFileSync(path, "utf8")).flatMap((href) => {
    if (/^[a-z]+:/i.test(href)) return [];
    const [file = "", anchor] = href.split("#");
    const bases = href.startsWith("/") ? SITE : [dirname(path)];
    const target = file === "" ? path : found(bases, decodeURIComponent(file));
    if (target === null) return [`${document}: there is nothing at ${href}`];
    if (anchor === undefined || !target.endsWith(".md")) return [];
    return anchorsOf(target).has(anchor) ? [] : [`${document}: no heading is named by ${href}`];
  });
}

function linksIn(text: string): string[] {
  const tokens = new MarkdownIt({ html: true }).parse(text, {});
  const inline = tokens.flatMap(({ children }) => children ?? []);
  const links = inline.flatMap((token) => token.attrGet("href") ?? token.attrGet("src") ?? []);
  const [, frontMatter = ""] = /^---\n([^]*?)\n---\n/.exec(text) ?? [];
  const front = [...frontMatter.matchAll(/^\s+link: (\S+)$/gm)].map(([, href = ""]) => href);
  return [...links, ...front];
}

function found(bases: readonly string[], file: string): string | null {
  const target = bases
    .map((base) => resolve(base, `./${file}`))
    .flatMap((path) => [path, `${path}.md`])
    .find((each) => existsSync(each));
  if (target === undefined || relative(REPOSITORY, target).startsWith("..")) return null;
  const readme = join(target, "README.md");
  return statSync(target).isDirectory() && existsSync(readme) ? readme : target;
}

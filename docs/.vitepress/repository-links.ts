import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { MarkdownRenderer } from "vitepress";
import { anchorsOf } from "../scripts/anchors.ts";
import { GATEWAYS } from "../scripts/gateways.ts";

const DOCS = fileURLToPath(new URL("..", import.meta.url));
const REPOSITORY = dirname(resolve(DOCS));

/** The pages that show a package's README, by the README's path in the repository. */
const README_PAGES: Readonly<Record<string, string>> = {
  "packages/rollout/README.md": "packages/rollout.md",
  "packages/cli/README.md": "packages/cli.md",
  "ops/README.md": "packages/ops.md",
  ...Object.fromEntries(
    Object.keys(GATEWAYS).map((app) => [`apps/${app}/README.md`, `packages/${app}.md`]),
  ),
};

/**
 * Makes links work that lead out of `docs/`: those to a README go to the page that shows it, those to
 * other files of the repository, which the site does not have, become plain text. One that leads to
 * nothing stops the build.
 */
export function linksFromTheRepository(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("repository-links", (state) => {
    const { relativePath = "" } = state.env as { relativePath?: string };
    const source = sourceOf(relativePath);
    for (const { children } of state.tokens) {
      const open: boolean[] = [];
      for (const token of children ?? []) {
        if (token.type === "link_open") {
          const href = rewrite(token.attrGet("href") ?? "", source, relativePath);
          if (href === null) token.tag = "span";
          token.attrs = href === null ? [] : [["href", href]];
          open.push(href !== null);
        } else if (token.type === "link_close" && open.pop() === false) {
          token.tag = "span";
        }
      }
    }
  });
}

/** The file that a page is written in: its own, or the README that it includes. */
function sourceOf(page: string): string {
  const readme = Object.entries(README_PAGES).find(([, shownBy]) => shownBy === page)?.[0];
  return join(REPOSITORY, readme ?? join("docs", page));
}

/** The link as the page must have it; `null` where the site does not have what it leads to. */
function rewrite(href: string, source: string, page: string): string | null {
  if (/^(?:[a-z]+:|#|\/)/i.test(href)) return href;
  const [path = "", anchor] = href.split("#");
  const target = resolve(dirname(source), decodeURIComponent(path));
  if (!existsSync(target) && !existsSync(`${target}.md`)) {
    throw new Error(`${relative(REPOSITORY, source)} has a dead link: ${href}`);
  }
  const file = relative(REPOSITORY, target);
  const shown = file.startsWith("docs/") ? file.slice("docs/".length) : README_PAGES[file];
  if (shown === undefined) return null;
  if (anchor !== undefined) requireHeading(target, anchor, href);
  const link = relative(dirname(page), shown) || shown;
  return `${link.startsWith(".") ? link : `./${link}`}${anchor === undefined ? "" : `#${anchor}`}`;
}

/** VitePress looks for pages alone, not for what an anchor names in them. */
function requireHeading(target: string, anchor: string, href: string): void {
  const file = existsSync(target) ? target : `${target}.md`;
  if (!anchorsOf(file).has(anchor)) throw new Error(`no heading is named by ${href}`);
}

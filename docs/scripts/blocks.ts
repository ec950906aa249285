import { readFileSync } from "node:fs";
import { join } from "node:path";
import MarkdownIt from "markdown-it";
import { REPOSITORY } from "./pages.ts";

/** The content of a comment before a block: `<!-- terminal: gateway; ready: listening -->`. */
export type Directives = Readonly<Partial<Record<DirectiveName, string>>>;

const DIRECTIVES = [
  "terminal",
  "ready",
  "output",
  "fails",
  "until",
  "stop",
  "minutes later",
  "not run",
] as const;
type DirectiveName = (typeof DIRECTIVES)[number];

/** A fenced block of code of a document. */
export interface Block {
  /** The document's path in the repository. */
  readonly document: string;
  /** The line in the document where it starts, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  readonly directives: Directives;
  /** Whether it is made by `generate.ts`, which checks it. */
  readonly isGenerated: boolean;
}

/** Every fenced block of a document, in order. */
export function blocksOf(document: string, text: string = read(document)): Block[] {
  const blocks: Block[] = [];
  let directives = new Map<DirectiveName, string>();
  let isGenerated = false;
  for (const { type, content, info, map } of new MarkdownIt({ html: true }).parse(text, {})) {
    if (type === "html_block") {
      if (/<!-- generated: /.test(content)) isGenerated = true;
      if (/<!-- \/generated -->/.test(content)) isGenerated = false;
      for (const [name, value] of directivesIn(content)) directives.set(name, value);
    } else if (type === "fence") {
      const line = (map?.[0] ?? 0) + 1;
      blocks.push({
        document,
        line,
        language: info.trim(),
        text: content,
        directives: Object.fromEntries(directives),
        isGenerated,
      });
      directives = new Map();
    } else if (type === "inline") {
      // A comment before a paragraph does not belong to the block after it.
      directives = new Map();
    }
  }
  return blocks;
}

function directivesIn(comment: string): [DirectiveName, string][] {
  const [, text = ""] = /^<!-- (.*) -->\s*$/.exec(comment) ?? [];
  return text.split(";").flatMap((each) => {
    const part = each.trim();
    const name = DIRECTIVES.find((known) => part === known || part.startsWith(`${known}: `));
    return name === undefined ? [] : [[name, part.slice(name.length + 2)]];
  });
}

function read(document: string): string {
  return readFileSync(join(REPOSITORY, document), "utf8");
}

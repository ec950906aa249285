import { readFileSync } from "node:fs";

/** The anchors of a document's headings. */
export function anchorsOf(path: string): Set<string> {
  const headings = readFileSync(path, "utf8").matchAll(/^#+ (.+)$/gm);
  return new Set([...headings].map(([, text = ""]) => anchorOf(text)));
}

/** The anchor of a heading, as GitHub and VitePress make it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, "")
    .trim()
    .replaceAll(/\s+/g, "-");
}

import { readFileSync } from "node:fs";

const PAGE = new URL("../../../../docs/use/restarts.md", import.meta.url);

/** The settings of a proxy that the page on restarts recommends. */
export function settingsFor(language: "nginx" | "haproxy"): string {
  const [, block] =
    new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "m").exec(readFileSync(PAGE, "utf8")) ??
    [];
  if (block === undefined) throw new Error(`docs/use/restarts.md has no block of ${language}`);
  return block;
}

import { readFile } from "node:fs/promises";
import { transformSync } from "esbuild";

/** A file of the panel, as it is served. */
export interface PanelFile {
  readonly body: string;
  readonly type: string;
}

const SCRIPT = "/demo/panel.js";
const STYLE = "/demo/panel.css";

/** The panel's files by their paths. The page's Content-Security-Policy allows files of its own origin. */
export async function loadPanel(): Promise<ReadonlyMap<string, PanelFile>> {
  const script = await read("../panel/panel.ts");
  const { code } = transformSync(script, { loader: "ts", target: "es2023", charset: "utf8" });
  return new Map([
    [SCRIPT, { body: code, type: "text/javascript; charset=utf-8" }],
    [STYLE, { body: await read("../panel/panel.css"), type: "text/css; charset=utf-8" }],
  ]);
}

/** Adds the panel to the page. A page without a head, such as a plain message, stays as it is. */
export function withPanel(page: string): string {
  const tags = `<link rel="stylesheet" href=".${STYLE}"><script type="module" src=".${SCRIPT}"></script>`;
  return page.replace("</head>", `${tags}</head>`);
}

async function read(path: string): Promise<string> {
  return readFile(new URL(path, import.meta.url), "utf8");
}

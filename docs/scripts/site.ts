import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, relative } from "node:path";
import { DOCS, sitePages } from "./pages.ts";

const BUILT = join(DOCS, ".vitepress", "dist");
const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** The built site, served as a static host serves it. */
export interface Site {
  readonly url: string;
  /** The address of each page, such as `/start/node`. */
  readonly pages: readonly string[];
  close(): void;
}

/** Serves what `pnpm docs:build` has built, on a free port. */
export async function serveSite(): Promise<Site> {
  if (!existsSync(BUILT)) throw new Error("the site is not built: npx pnpm@12 docs:build");
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const candidates = [path, `${path}.html`, `${path}index.html`].map((each) => join(BUILT, each));
    const file = candidates.find((each) => extname(each) !== "" && existsSync(each));
    if (file === undefined || relative(BUILT, file).startsWith("..")) {
      response.writeHead(404).end();
    } else {
      response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
      response.end(readFileSync(file));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const pages = sitePages().map(
    (page) => `/${relative(DOCS, page).replace(/(?:^index)?\.md$/, "")}`,
  );
  return { url: `http://127.0.0.1:${port}`, pages, close: () => server.close() };
}

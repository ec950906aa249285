import type { Hono } from "hono";
import { PAGE_HEADERS } from "./page-headers.ts";
import type { PageFiles } from "./page-files.ts";

const NOT_BUILT = `The page is not built. Build it, and start the controller again:

  npx pnpm@12 --filter @edgezero/dashboard build

The API and the command work without it.
`;

/** Serves the page at `/`. It has no secret, and so needs no token. `files` are `null` where it is not built. */
export function servePage(app: Pick<Hono, "get">, files: PageFiles | null): void {
  if (files === null) {
    app.get("/", (context) => context.text(NOT_BUILT, 503, PAGE_HEADERS));
    return;
  }
  for (const [path, { body, type, isNamedByContent }] of files) {
    const caching = isNamedByContent ? "public, max-age=31536000, immutable" : "no-cache";
    app.get(path, (context) =>
      context.body(body, 200, { ...PAGE_HEADERS, "content-type": type, "cache-control": caching }),
    );
  }
}

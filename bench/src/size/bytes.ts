import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { Entry } from "./entries.ts";

/** Packages that peers use where they are installed. */
const OPTIONAL = ["@opentelemetry/api", "@react-email/render", "rxjs", "@vercel/functions"];

/** What one decision's import weighs. */
export interface Weight {
  readonly minified: number;
  readonly gzipped: number;
}

/** Bundles a file with all that it imports, but for Node's own modules, and minifies it, in bytes. */
export async function weigh({ name, file }: Entry): Promise<Weight> {
  const bundle = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "es2022",
    external: OPTIONAL,
    write: false,
    logLevel: "error",
  });
  const code = bundle.outputFiles[0]?.contents;
  if (code === undefined || code.length === 0) throw new Error(`${name}: the bundle is empty`);
  return { minified: code.length, gzipped: gzipSync(code, { level: 9 }).length };
}

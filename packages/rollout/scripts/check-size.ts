// Fails the build when the core is larger than it may be: bundled and minified by esbuild, minified
// further by terser, and gzipped.
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";

const MAX_BYTES = 2500;

const bundle = await build({
  entryPoints: [fileURLToPath(new URL("../dist/index.js", import.meta.url))],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  write: false,
});
const { code = "" } = await minify(bundle.outputFiles[0]?.text ?? "", {
  module: true,
  ecma: 2020,
  compress: { passes: 3 },
});
const bytes = gzipSync(code, { level: 9 }).length;
console.log(`@edgezero/rollout: ${bytes} bytes minified and gzipped, of ${MAX_BYTES} allowed`);
if (code === "" || bytes > MAX_BYTES) {
  console.error("Take something out, or move it into a package of its own.");
  process.exit(1);
}

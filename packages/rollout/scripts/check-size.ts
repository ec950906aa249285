// Fails the build when the core, minified and gzipped, is larger than it may be.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const MAX_BYTES = 2500;

const result = await build({
  entryPoints: [new URL("../dist/index.js", import.meta.url).pathname],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  write: false,
});
const bytes = gzipSync(result.outputFiles[0]?.contents ?? "", { level: 9 }).length;
console.log(`@edgezero/rollout: ${bytes} bytes minified and gzipped, of ${MAX_BYTES} allowed`);
if (bytes > MAX_BYTES) {
  console.error(`The core is ${bytes - MAX_BYTES} bytes over its limit.`);
  process.exit(1);
}

// Bundles the controller into one file, for an image that has Node and nothing else. The page lies beside it,
// in node_modules/@edgezero/dashboard.
import { build } from "esbuild";

await build({
  entryPoints: ["src/main.ts"],
  outfile: "bundle/main.js",
  bundle: true,
  platform: "node",
  target: "node26",
  format: "esm",
  // CommonJS dependencies call `require`, which an ES module does not have.
  banner: {
    js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
  },
});

// Bundles the gateway into one file that runs wherever Node does, without an install.
import { build } from "esbuild";
import app from "../package.json" with { type: "json" };

const [major = "", minor = ""] = app.engines.node.replace(">=", "").split(".");

/** Comes first: an older Node would end somewhere in the middle, and not say why. */
const checkNode = `{
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < ${major} || (major === ${major} && minor < ${minor})) {
    console.error("The gateway needs Node ${major}.${minor} or newer, and this is " + process.version);
    process.exit(1);
  }
}`;

await build({
  entryPoints: ["src/main.ts"],
  outfile: "dist/main.js",
  bundle: true,
  platform: "node",
  target: `node${major}.${minor}`,
  format: "esm",
  sourcemap: true,
  // CommonJS dependencies call `require`, which an ES module does not have.
  banner: {
    js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);\n${checkNode}`,
  },
});

// Fails the build when an entry is larger than it may be: bundled and minified by esbuild, minified
// further by terser, and gzipped. Code that an entry shares with the core is not counted again.
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";

const CORE = { name: "@edgezero/rollout", file: "index.js", maxBytes: 3072 };
const BESIDE_CORE = [
  { name: "@edgezero/rollout/attribution", file: "attribution/index.js", maxBytes: 1500 },
  { name: "@edgezero/rollout/force", file: "force/index.js", maxBytes: 1500 },
  { name: "@edgezero/rollout/probe", file: "probe/index.js", maxBytes: 1500 },
];

const coreBytes = await sizeOf(CORE.file);
check(CORE.name, coreBytes, CORE.maxBytes);
for (const { name, file, maxBytes } of BESIDE_CORE) {
  check(`${name}, on top of it`, (await sizeOf(CORE.file, file)) - coreBytes, maxBytes);
}

/** The size of a bundle that exports all that these files of `dist` do, in bytes. */
async function sizeOf(...files: string[]): Promise<number> {
  const bundle = await build({
    stdin: {
      contents: files.map((file) => `export * from "./${file}";`).join("\n"),
      resolveDir: fileURLToPath(new URL("../dist", import.meta.url)),
    },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  const { code } = await minify(bundle.outputFiles[0]?.text ?? "", {
    module: true,
    ecma: 2020,
    compress: { passes: 3 },
  });
  if (code === undefined || code === "")
    throw new Error(`${files.join(", ")}: the bundle is empty`);
  return gzipSync(code, { level: 9 }).length;
}

function check(name: string, bytes: number, maxBytes: number): void {
  console.log(`${name}: ${bytes} bytes minified and gzipped, of ${maxBytes} allowed`);
  if (bytes <= maxBytes) return;
  console.error("Take something out, or move it into an entry or a package of its own.");
  process.exitCode = 1;
}

// Fails the build when the Worker is larger than it may be.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const MAX_BYTES = 44_000;

const bytes = gzipSync(readFileSync(new URL("../dist/main.js", import.meta.url))).length;
console.log(`Worker: ${bytes} bytes gzipped, of ${MAX_BYTES} allowed`);
if (bytes > MAX_BYTES) process.exit(1);

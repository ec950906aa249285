#!/usr/bin/env node
// The controller where it is installed as a package.
import { readFileSync } from "node:fs";
import { oldNodeText } from "@edgezero/faults/node-version";

const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
const { engines } = JSON.parse(manifest) as { readonly engines: { readonly node: string } };
const tooOld = oldNodeText("The controller", engines.node, process.versions.node);
if (tooOld === null) await import("./main.ts");
else {
  process.stderr.write(`${tooOld}\n`);
  process.exitCode = 1;
}

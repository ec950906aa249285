// Checks the calls in the documents that cannot be run: those of pnpm for a script, and those of the
// platforms' command lines, by their own help. Prints each fault; ends with 1 where there is any.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commandLines } from "./checks/commands.ts";
import { pnpmCommands, pnpmFinding } from "./checks/pnpm.ts";
import { vendorFinding } from "./checks/vendor-calls.ts";
import { documents, REPOSITORY } from "./pages.ts";

const own = pnpmCommands();
const lines = documents().flatMap((document) =>
  commandLines(readFileSync(join(REPOSITORY, document), "utf8")).map((line) => ({
    document,
    line,
  })),
);
const findings = await Promise.all(
  lines.map(async ({ document, line }) => {
    const finding = pnpmFinding(line, own) ?? (await vendorFinding(line));
    return finding === null ? [] : [`${document}: ${line}: ${finding}`];
  }),
);
for (const finding of findings.flat()) console.error(finding);
if (findings.flat().length > 0) process.exitCode = 1;

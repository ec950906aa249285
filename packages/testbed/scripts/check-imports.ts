// Fails with a line for each import that the table in `src/imports/table.ts` forbids.
import { examineImports } from "../src/imports/examine.ts";
import { readWorkspace } from "../src/imports/workspace.ts";

const findings = examineImports(readWorkspace());
for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;

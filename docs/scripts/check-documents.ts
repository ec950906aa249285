// Checks every document of the repository: links lead somewhere, blocks of code are what they say, and
// commands exist and ask nothing. Prints each fault; ends with 1 where there is any.
import { blocksOf } from "./blocks.ts";
import { blockFinding } from "./checks/block.ts";
import { commandFindings } from "./checks/commands.ts";
import { linkFindings } from "./checks/links.ts";
import { npxFindings } from "./checks/npx.ts";
import { typeFindings } from "./checks/types.ts";
import { documents } from "./pages.ts";

const all = documents();
const blocks = all.flatMap((document) => blocksOf(document)).filter((block) => !block.isGenerated);
const findings = [
  ...all.flatMap(linkFindings),
  ...all.flatMap(npxFindings),
  ...(await Promise.all(all.map(commandFindings))).flat(),
  ...blocks.flatMap((block) => {
    const finding = blockFinding(block);
    return finding === null ? [] : [`${block.document}:${block.line}: ${finding}`];
  }),
  ...(await typeFindings(blocks)),
];
for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;

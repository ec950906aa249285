// Checks every document of the repository: links lead somewhere, blocks of code are what they say, and
// commands exist. Prints each fault; ends with 1 where there is any.
import { blocksOf } from "./blocks.ts";
import { blockProblem } from "./checks/block.ts";
import { commandProblems } from "./checks/commands.ts";
import { linkProblems } from "./checks/links.ts";
import { typeProblems } from "./checks/types.ts";
import { documents } from "./pages.ts";

const all = documents();
const blocks = all.flatMap((document) => blocksOf(document)).filter((block) => !block.isGenerated);
const problems = [
  ...all.flatMap(linkProblems),
  ...(await Promise.all(all.map(commandProblems))).flat(),
  ...blocks.flatMap((block) => {
    const problem = blockProblem(block);
    return problem === null ? [] : [`${block.document}:${block.line}: ${problem}`];
  }),
  ...(await typeProblems(blocks)),
];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

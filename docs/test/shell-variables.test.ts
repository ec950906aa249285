import { describe, expect, test } from "vitest";
import type { Block } from "../scripts/blocks.ts";
import { blocksOf } from "../scripts/blocks.ts";
import { SET_BY_THE_SHELL, unsetVariables } from "../scripts/checks/shell-variables.ts";
import { documents } from "../scripts/pages.ts";

const page = (...scripts: readonly string[]): Block[] =>
  blocksOf("page.md", scripts.map((script) => `\`\`\`sh\n${script}\n\`\`\`\n`).join("\n"));

test("each page sets the variables of its shell blocks before it uses them", () => {
  expect(documents().flatMap((document) => unsetVariables(blocksOf(document)))).toEqual([]);
});

test("each exception is needed by some page", () => {
  const scripts = documents()
    .flatMap((document) => blocksOf(document))
    .filter(({ language }) => language === "sh")
    .map(({ text }) => text)
    .join("\n");
  const names = Object.keys(SET_BY_THE_SHELL);
  expect(names.filter((name) => !scripts.includes(`$${name}`))).toEqual([]);
});

describe("a variable is found that", () => {
  test.each([
    { name: "nothing sets", scripts: ['x --id "$ID"'], line: 2 },
    { name: "only a later block sets", scripts: ["x $ID", "export ID=a"], line: 2 },
    { name: "only a later line sets", scripts: ["x ${ID}", "ID=a"], line: 2 },
    { name: "is set for one command alone", scripts: ['ID="a b" x', 'y "$ID"'], line: 6 },
    { name: "is only set in quotes or a comment", scripts: ["x 'ID=a'\n# ID=a\ny $ID"], line: 4 },
    { name: "its own value needs", scripts: ['export ID="$ID/a"'], line: 2 },
    { name: "is in a text that the shell reads", scripts: ["cat <<EOF\n$ID\nEOF"], line: 3 },
    { name: "follows a literal text", scripts: ["cat <<'EOF'\n$A\nEOF\ny $ID"], line: 5 },
    { name: "stands in a command within quotes", scripts: ['A="$(x "$ID")"'], line: 2 },
  ])("$name", ({ scripts, line }) => {
    expect(unsetVariables(page(...scripts))).toEqual([`page.md:${line}: no line before sets $ID`]);
  });
});

describe("nothing is found of a variable that", () => {
  test.each([
    { name: "an earlier block exports", scripts: ['export ID="the id"', 'x "$ID"'] },
    { name: "an earlier line sets", scripts: ['ID="$(x | y)"\nx $ID'] },
    { name: "the same line sets before", scripts: ["export ID=a && x $ID"] },
    { name: "a loop sets", scripts: ["for ID in a b; do\n  x $ID\ndone"] },
    { name: "is read", scripts: ["x | while read -r A ID; do y $ID; done"] },
    { name: "stands in single quotes", scripts: ["x '$ID'"] },
    { name: "is escaped", scripts: ['x \\$ID "\\$ID"'] },
    { name: "stands in a comment", scripts: ["x # $ID"] },
    { name: "is in a text that the shell does not read", scripts: ["cat > a <<'EOF'\n`$ID`\nEOF"] },
    { name: "every shell has", scripts: ['export PATH="$PWD/bin:$PATH"'] },
  ])("$name", ({ scripts }) => {
    expect(unsetVariables(page(...scripts))).toEqual([]);
  });
});

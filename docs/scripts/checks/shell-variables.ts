import type { Block } from "../blocks.ts";

/** Variables that no block needs to set, and why. */
export const SET_BY_THE_SHELL: Readonly<Record<string, string>> = {
  PATH: "every shell has it",
  PWD: "the shell keeps the present folder in it",
};

/**
 * The variables that the shell blocks of one page use and no line before sets: a reader who pastes the
 * blocks in order has them empty. A value for one command alone, `NAME=value command`, sets nothing.
 */
export function unsetVariables(blocks: readonly Block[]): string[] {
  const known = new Set(Object.keys(SET_BY_THE_SHELL));
  const findings: string[] = [];
  for (const { document, line, language, text } of blocks) {
    if (language !== "sh") continue;
    for (const [index, command] of commandsOf(text)) {
      for (const [, name = ""] of command.matchAll(/\$\{?([A-Za-z_]\w*)/g)) {
        if (known.has(name)) continue;
        findings.push(`${document}:${line + 1 + index}: no line before sets $${name}`);
      }
      for (const name of namesSet(command)) known.add(name);
    }
  }
  return findings;
}

/** The commands of a script, each with the index of its line, without what the shell takes literally. */
function commandsOf(script: string): [number, string][] {
  // Of a text between <<'EOF' and EOF the shell reads nothing.
  const read = script.replaceAll(/(<<-?'(\w+)'.*)\n([\s\S]*?)(?=^\s*\2$)/gm, (_, ...parts) => {
    const [opening, , literal] = parts as [string, string, string];
    return `${opening}\n${literal.replaceAll(/[^\n]/g, "")}`;
  });
  const text = read.replaceAll(/\\[^\n]|"(?:\\.|[^"\\])*"|'[^']*'|(?<=^|\s)#.*/gm, (part) =>
    part.startsWith('"') ? part.replaceAll(/\\./g, "") : part.replaceAll(/[^\n]/g, ""),
  );
  return text
    .split("\n")
    .flatMap((line, index) =>
      line.split(/;|&&|\|\|?/).map((command): [number, string] => [index, command.trim()]),
    );
}

function namesSet(command: string): string[] {
  const [, loop] = /^for (\w+) in\b/.exec(command) ?? [];
  const [, read = ""] = /\bread (?:-\w+ )*([\w ]+)$/.exec(command) ?? [];
  // Quoted values may have spaces.
  const bare = command.replaceAll(/"[^"]*"/g, "");
  const [, assigned = ""] = /^((?:export |local )?(?:[A-Za-z_]\w*=\S* ?)+)$/.exec(bare) ?? [];
  const names = [...assigned.matchAll(/([A-Za-z_]\w*)=/g)].map(([, name = ""]) => name);
  return [...(loop === undefined ? [] : [loop]), ...read.split(" ").filter(Boolean), ...names];
}

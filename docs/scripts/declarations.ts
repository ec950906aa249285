import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseSync } from "oxc-parser";

/** An export of a source file, as it is written there. */
export interface Declaration {
  readonly name: string;
  /** The docstring without its stars; empty where there is none. */
  readonly docstring: string;
  /** The declaration without bodies of functions. */
  readonly code: string;
  readonly isType: boolean;
}

/** The exports of an entry such as `index.ts`, in its order. */
export function exportsOf(entry: string): Declaration[] {
  const { program } = parse(entry);
  return program.body.flatMap((node) => {
    if (node.type !== "ExportNamedDeclaration" || node.source === null) return [];
    const path = resolve(dirname(entry), node.source.value);
    return node.specifiers.map((each) => {
      if (each.exported.type !== "Identifier") throw new Error(`${entry} exports a string`);
      return declarationIn(path, each.exported.name);
    });
  });
}

/** The exported declaration of that name in a file. */
export function declarationIn(path: string, name: string): Declaration {
  const { program, comments, text } = parse(path);
  for (const node of program.body) {
    if (node.type !== "ExportNamedDeclaration" || node.declaration === null) continue;
    const { declaration } = node;
    const id = "id" in declaration ? declaration.id : declaration.declarations?.[0]?.id;
    if (id?.type !== "Identifier" || id.name !== name) continue;
    const comment = comments.findLast(
      ({ type, value, end }) =>
        type === "Block" &&
        value.startsWith("*") &&
        text.slice(end, node.start).trim() === "" &&
        end <= node.start,
    );
    const body = "body" in declaration ? declaration.body : null;
    const isFunction = declaration.type === "FunctionDeclaration";
    const end = isFunction && body ? body.start : node.end;
    const signature = text.slice(declaration.start, end).trim();
    return {
      name,
      docstring: comment === undefined ? "" : docstringText(comment.value),
      code: isFunction ? `${signature};` : signature,
      isType: declaration.type.startsWith("TS"),
    };
  }
  throw new Error(`${path} does not export ${name}`);
}

/** A parsed source file, with its comments. */
export function parse(path: string): ReturnType<typeof parseSync> & { readonly text: string } {
  const text = readFileSync(path, "utf8");
  const parsed = parseSync(path, text);
  const [error] = parsed.errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  return { program: parsed.program, comments: parsed.comments, text } as never;
}

/** The text of a docstring, without its stars. */
export function docstringText(comment: string): string {
  return comment
    .replace(/^\*/, "")
    .replaceAll(/^\s*\* ?/gm, "")
    .trim();
}

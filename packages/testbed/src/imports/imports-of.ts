import type { Node, StringLiteral } from "oxc-parser";
import { parseSync, Visitor } from "oxc-parser";

/** One import of a source, in any notation. */
export interface Import {
  /** The text between the quotes. */
  readonly specifier: string;
  /** Whether it disappears when the types are removed. */
  readonly isType: boolean;
}

/** The specifier of an `import()` whose path is known only at run time. */
export const COMPUTED = "…";

/** The imports of a source, and the globals that it uses. */
export interface SourceFacts {
  readonly imports: readonly Import[];
  /** The members of the global `process` that it uses. */
  readonly processMembers: readonly string[];
  /** Whether a `/// <reference types>` or `lib` brings ambient types. */
  readonly referencesTypes: boolean;
}

/**
 * Reads a source: static imports, exports from elsewhere, `import()`, `import("…").Type`,
 * `import … = require("…")`, `require("…")` and `import.meta.resolve` of a package.
 *
 * @throws SyntaxError when it does not parse.
 */
export function factsOf(path: string, text: string): SourceFacts {
  const { program, comments, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new SyntaxError(`${path}: ${error.message}`);
  const imports: Import[] = [];
  const processMembers: string[] = [];
  const add = ({ value: specifier }: StringLiteral, isType = false): void => {
    imports.push({ specifier, isType });
  };

  new Visitor({
    ImportDeclaration({ source, importKind, specifiers }) {
      const named = specifiers.filter((each) => each.type === "ImportSpecifier");
      const onlyTypes =
        specifiers.length > 0 &&
        named.length === specifiers.length &&
        named.every((each) => each.importKind === "type");
      add(source, importKind === "type" || onlyTypes);
    },
    ExportNamedDeclaration({ source, exportKind }) {
      if (source !== null) add(source, exportKind === "type");
    },
    ExportAllDeclaration: ({ source, exportKind }) => add(source, exportKind === "type"),
    ImportExpression({ source }) {
      if (isText(source)) add(source);
      else imports.push({ specifier: COMPUTED, isType: false });
    },
    TSImportType: ({ source }) => add(source, true),
    TSExternalModuleReference: ({ expression }) => add(expression),
    CallExpression({ callee, arguments: [first] }) {
      if (first === undefined || !isText(first)) return;
      const called = text.slice(callee.start, callee.end);
      if (called === "require") add(first);
      // A relative one is the path of a file, and no import.
      if (called === "import.meta.resolve" && !first.value.startsWith(".")) add(first);
    },
    MemberExpression({ object, property, computed }) {
      if (object.type !== "Identifier" || object.name !== "process") return;
      processMembers.push(computed ? "[…]" : text.slice(property.start, property.end));
    },
  }).visit(program);

  const referencesTypes = comments.some(
    ({ type, value }) => type === "Line" && /^\/\s*<reference\s+(?:types|lib)=/.test(value),
  );
  return { imports, processMembers, referencesTypes };
}

function isText(node: Node): node is StringLiteral {
  return node.type === "Literal" && typeof node.value === "string";
}

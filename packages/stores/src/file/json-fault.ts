/** The first place at which a text is not a JSON document whose keys are there once. */
export interface JsonFault {
  readonly kind: "not-json" | "key-twice";
  readonly what: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units. */
  readonly column: number;
}

const SPACE = /[ \t\n\r]*/y;
/** Control characters come before the space. */
const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*"/iy;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** The tokens that may come next. */
type Expected = "value" | "first-value" | "key" | "first-key" | "colon" | "comma" | "end";

/**
 * Finds the first fault of a text that should be JSON: what it is and where, without a word of the text
 * but the name of a key, in quotes. `null` where there is no fault.
 *
 * It goes through the text once, without recursion. Keys are compared in the outermost object alone.
 *
 * @param shownKey Makes a key fit to be shown.
 */
export function findJsonFault(text: string, shownKey: (key: string) => string): JsonFault | null {
  const open: ("{" | "[")[] = [];
  const keys = new Set<string>();
  let expected: Expected = "value";
  let comma = 0;
  let at = 0;

  function token(pattern: RegExp): string {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? "";
  }

  function close(): void {
    open.pop();
    at++;
    expected = open.length === 0 ? "end" : "comma";
  }

  if (text.startsWith("\ufeff")) return faultAt(text, 0, "a byte order mark");
  for (;;) {
    at += token(SPACE).length;
    const character = text[at];
    if (character === undefined) {
      return expected === "end" ? null : faultAt(text, at, "it ends too early");
    }
    if (/^\/[/*]/.test(text.slice(at, at + 2))) return faultAt(text, at, "a comment");
    switch (expected) {
      case "end":
        return faultAt(text, at, "more text behind its end");
      case "colon":
        if (character !== ":") return unexpected(text, at);
        at++;
        expected = "value";
        break;
      case "comma": {
        const isObject = open.at(-1) === "{";
        if (character === (isObject ? "}" : "]")) {
          close();
        } else if (character === ",") {
          comma = at++;
          expected = isObject ? "key" : "value";
        } else {
          return unexpected(text, at);
        }
        break;
      }
      case "key":
      case "first-key": {
        if (character === "}") {
          if (expected === "key") return faultAt(text, comma, "a trailing comma");
          close();
          break;
        }
        const string = token(STRING);
        if (string === "") return unexpected(text, at);
        const key = JSON.parse(string) as string;
        if (open.length === 1) {
          if (keys.has(key))
            return { ...faultAt(text, at, `the key ${shownKey(key)} again`), kind: "key-twice" };
          keys.add(key);
        }
        at += string.length;
        expected = "colon";
        break;
      }
      case "value":
      case "first-value": {
        if (character === "]" && open.at(-1) === "[") {
          if (expected === "value") return faultAt(text, comma, "a trailing comma");
          close();
          break;
        }
        if (character === "{" || character === "[") {
          open.push(character);
          at++;
          expected = character === "{" ? "first-key" : "first-value";
          break;
        }
        const scalar = token(STRING) || token(SCALAR);
        if (scalar === "") return unexpected(text, at);
        at += scalar.length;
        expected = open.length === 0 ? "end" : "comma";
      }
    }
  }
}

function unexpected(text: string, at: number): JsonFault {
  return faultAt(text, at, "a character that may not be there");
}

function faultAt(text: string, at: number, what: string): JsonFault {
  const before = text.slice(0, at);
  const lastBreak = before.lastIndexOf("\n");
  return { kind: "not-json", what, line: before.split("\n").length, column: at - lastBreak };
}

/** Matches a sequence that sets a colour. */
const SGR = new RegExp(`(${String.fromCharCode(27)}\\[[\\d;]*m)`);

/** A value for a terminal. Characters that steer a terminal or hide text are shown as escapes. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, escaped);
}

/** A whole text for a terminal, as {@link printable}. It keeps its line breaks and colours. */
export function printableText(text: string): string {
  return text
    .split(SGR)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replace(/(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/gu, escaped),
    )
    .join("");
}

/** A JSON text with the same meaning, whose characters cannot steer a terminal. */
export function printableJson(json: string): string {
  return json.replace(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, (character) =>
    Array.from({ length: character.length }, (_, i) => escapedUnit(character.charCodeAt(i))).join(
      "",
    ),
  );
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : escapedUnit(code);
}

function escapedUnit(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}

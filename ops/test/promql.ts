const OPERATORS = new Set(["and", "or", "unless", "bool", "offset", "inf", "nan"]);

/** The names of the metrics in a PromQL expression. */
export function metricsIn(promQl: string): string[] {
  const bare = promQl
    .replaceAll(/^\s*#.*$/gm, "")
    .replaceAll(/"[^"]*"/g, " ")
    .replaceAll(/\{[^}]*\}/g, " ")
    .replaceAll(/\[[^\]]*\]/g, " ")
    .replaceAll(/\boffset \w+/g, " ")
    .replaceAll(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, " ");
  // A name before a parenthesis is a function.
  const names = [...bare.matchAll(/(?<![\w:.])[a-z_][\w:]*(?![\w:]|\s*\()/gi)].map(
    ([name]) => name,
  );
  return [...new Set(names)].filter((name) => !OPERATORS.has(name.toLowerCase()));
}

const MOST_SHOWN = 100;

/**
 * A value for people: quoted, without credentials, cut, and with each invisible character spelled out,
 * so that no value can break a line of the log or hide a part of it.
 */
export function showValue(value: string): string {
  const safe = withoutCredentials(value);
  const quoted = JSON.stringify(safe.slice(0, MOST_SHOWN)).replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  return safe.length > MOST_SHOWN ? `${quoted}… (${safe.length} characters)` : quoted;
}

/** A URL, however malformed, without the part that may be a user name and password. */
function withoutCredentials(text: string): string {
  // To the last "@", since a password that was not escaped may hold one, or a slash.
  return text.replace(/^([^:@]*:)(?:\/\/)?.*@/s, "$1//***@");
}

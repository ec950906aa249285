/** To the last "@", since a password that was not escaped may hold one, or a slash. */
const USER_INFO = /((?!file:)\b[a-z][a-z\d+.-]*:\/\/)[^\s"']*@/gi;
const SECRET_PARAMETER =
  /([?&](?:[\w-]*(?:token|secret|password|passwd|apikey|api[_-]key|auth)[\w-]*)=)[^\s&#"']+/gi;
const SECRET_VARIABLE = /token|secret|password|api_?key/i;

/** Takes out of a text what must not be seen: credentials in URLs, and what `secrets` holds. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let safe = text;
  for (const secret of secrets) safe = safe.replaceAll(secret, "***");
  return safe.replace(USER_INFO, "$1***@").replace(SECRET_PARAMETER, "$1***");
}

/** The values in the environment that are secrets by their name, and the passwords of its URLs. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): string[] {
  const found = Object.entries(env)
    .filter(([name, value]) => SECRET_VARIABLE.test(name) && (value?.length ?? 0) >= 8)
    .map(([, value]) => value ?? "");
  return [...found, ...passwordsOf(env["EDGEZERO_STORE"])];
}

/** The password of a URL, as it is written and as it is meant; none when it has none. */
export function passwordsOf(url: string | undefined): string[] {
  if (url === undefined) return [];
  // One that was not escaped may have made the URL none.
  const password = URL.canParse(url)
    ? new URL(url).password
    : (/^[a-z][a-z\d+.-]*:\/\/[^:]*:(.*)@/is.exec(url)?.[1] ?? "");
  const spellings = new Set([password, safelyDecoded(password)]);
  return [...spellings].filter((text) => text.length >= 4);
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

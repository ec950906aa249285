import { isRedisUrl } from "./redis/location.ts";
import { storeKindOf } from "./store-kinds.ts";

/** A URL with an "@". It goes on to the end of the word, since a password may hold an "@" or a slash. */
const URL_WITH_USER = /(?!file:)\b[a-z][a-z\d+.-]*:\/\/[^\s"']*@[^\s"']*/gi;
/** The scheme, and the part up to the last "@", which is the longest that can be a password. */
const USER_INFO = /^([a-z][a-z\d+.-]*:\/\/).*@/is;
const SECRET_PARAMETER =
  /([?&](?:[\w-]*(?:token|secret|password|passwd|apikey|api[_-]key|auth)[\w-]*)=)[^\s&#"']+/gi;
const SECRET_VARIABLE = /token|secret|password|api_?key/i;

/**
 * Takes credentials out of a text: those in URLs, and the texts in `secrets`. The URL of a store is
 * shown as the store itself shows it.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let safe = text;
  for (const secret of secrets) safe = safe.replaceAll(secret, "***");
  return safe.replace(URL_WITH_USER, withoutUser).replace(SECRET_PARAMETER, "$1***");
}

function withoutUser(url: string): string {
  return storeKindOf(url)?.shown(url) ?? url.replace(USER_INFO, "$1***@");
}

/** The values in the environment that are secrets by their name, and the passwords of its URLs. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): string[] {
  const found = Object.entries(env)
    .filter(([name, value]) => SECRET_VARIABLE.test(name) && (value?.length ?? 0) >= 8)
    .map(([, value]) => value ?? "");
  const urls = Object.values(env).filter((value) => isRedisUrl(value ?? ""));
  return [...found, ...[env["EDGEZERO_STORE"], ...urls].flatMap(passwordsOf)];
}

/** The password of a URL, as it is written and as it is meant. Empty where there is no password. */
export function passwordsOf(url: string | undefined): string[] {
  if (url === undefined) return [];
  const parsed = URL.canParse(url) ? new URL(url).password : "";
  // A password that is not encoded ends too early for a parser, or makes the URL unparsable.
  const written = /^[a-z][a-z\d+.-]*:\/\/[^:]*:(.*)@/is.exec(url)?.[1] ?? "";
  const spellings = new Set([parsed, written].flatMap((text) => [text, safelyDecoded(text)]));
  return [...spellings].filter((text) => text.length >= 4);
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

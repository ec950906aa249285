/** Everything of a URL after its scheme, up to the last "@". */
const USER_INFO = /^([a-z][a-z\d+.-]*:)(?:\/\/)?.*@/is;

/**
 * A URL, however malformed, without the text that may be its user name and password. To the last "@",
 * since a password that is not encoded may hold one, or a slash.
 */
export function withoutUserInfo(url: string): string {
  return url.replace(USER_INFO, "$1//***@");
}

import { StoreSetupError } from "../operator-store.ts";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * A token from the environment.
 *
 * @throws StoreSetupError when it is missing, or no header may hold it. The message does not show it.
 */
export function tokenFrom(env: Env, name: string): string {
  const token = env[name] ?? "";
  if (token === "") throw new StoreSetupError(`${name} is not set: it must hold an API token`);
  // The characters of a header. The error of a header that cannot be sent would show the token.
  if (!/^[!-~]+$/.test(token)) {
    throw new StoreSetupError(
      `${name} holds a space, a line break or another character that no token has`,
    );
  }
  return token;
}

/**
 * The address of a vendor's API: its own, or another for tests and proxies. Plain HTTP is allowed to
 * this machine alone, since the token goes over it.
 *
 * @throws StoreSetupError when the address is not an HTTPS URL.
 */
export function apiBaseFrom(env: Env, name: string, own: string): string {
  const text = env[name] ?? "";
  if (text === "") return own;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url?.hostname ?? "");
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLocal);
  if (url === undefined || !isSafe || url.username !== "" || url.password !== "") {
    throw new StoreSetupError(
      `${name} must be an https URL, or http://localhost, without credentials`,
    );
  }
  return text.replace(/\/+$/, "");
}

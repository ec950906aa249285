/** The message of anything that was thrown. Total: what is no error is shown as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The code of a fault of the platform, such as `ENOENT` or `ECONNRESET`.
 *
 * @returns The empty text where what was thrown has no code.
 */
export function errorCode(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

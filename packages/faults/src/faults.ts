/** The message of anything that was thrown. Total: a thrown value that is not an error is shown as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : textOf(error);
}

/**
 * The code of a fault of the platform, such as `ENOENT` or `ECONNRESET`.
 *
 * @returns The empty text where the thrown value has no code.
 */
export function errorCode(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    // An object without a prototype has no text.
    return "a thrown value that has no text";
  }
}

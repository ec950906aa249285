const UTF_8 = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

/** The text of a value in KV. A byte order mark stays part of it, and makes the value invalid. */
export function valueText(bytes: ArrayBuffer): string {
  return UTF_8.decode(bytes);
}

/** Takes apart the text of a header such as `a=1; b=2`. Of two parts of one name, the last counts. */
export function headerParts(header: string): Partial<Record<string, string>> {
  const parts: Partial<Record<string, string>> = {};
  for (const part of header.split(";")) {
    const [name = "", text = ""] = part.split("=", 2);
    parts[name.trim()] = text.trim();
  }
  return parts;
}

/** A whole number from 0 to `most`, in 1 to 9 ASCII digits; else `null`. */
export function wholeNumber(text = "", most: number): number | null {
  return /^\d{1,9}$/.test(text) && Number(text) <= most ? Number(text) : null;
}

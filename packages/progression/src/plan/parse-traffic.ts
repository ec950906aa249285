/** Reads requests per second: `500`, or 24 numbers with commas, one for each hour. `null`: it is neither. */
export function parseRps(text: string): number | readonly number[] | null {
  const numbers = text.split(",").map((part) => parseAmount(part));
  const known = numbers.filter((number) => number !== null);
  if (known.length < numbers.length || (known.length !== 1 && known.length !== 24)) return null;
  return known.length === 1 ? (known[0] ?? null) : known;
}

/** Reads a rate by name, such as `errors=0.1%` or `errors=0.001`. `null`: it is none. */
export function parseRate(text: string): readonly [name: string, rate: number] | null {
  const [, name, amount = "", unit] = /^([A-Za-z][\w-]*)=([^%]+)(%?)$/.exec(text) ?? [];
  const number = parseAmount(amount);
  if (name === undefined || number === null) return null;
  const rate = unit === "%" ? number / 100 : number;
  return rate <= 1 ? [name, rate] : null;
}

/** Reads a decimal number of at least 0, with up to 9 digits on either side. `null`: it is none. */
export function parseAmount(text: string): number | null {
  return /^\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Number(text) : null;
}

import type { SourceView } from "./environment-view.ts";

/** A source by name and location, each told once: what is missing may name them already. Pure. */
export function sourceText({ name, location, missing }: SourceView): string {
  const isNamed = location.startsWith(`${name}:`);
  const address = isNamed ? location.slice(name.length + 1) : location;
  if (address === name || missing?.includes(address)) return name;
  return isNamed ? location : `${name} (${location})`;
}

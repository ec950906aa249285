import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

/** Something to write to: its colours are left out where it does not want them. */
export type Sink = NodeJS.WriteStream;

/** Styles for one stream: `NO_COLOR`, `FORCE_COLOR` and pipes are respected. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  loud(text: string): string;
  warn(text: string): string;
  faint(text: string): string;
  strong(text: string): string;
}

/** The styles as `stream` can show them. */
export function paintFor(stream: Sink): Paint {
  const style = (format: Format) => (text: string) => styleText(format, text, { stream });
  return {
    good: style("green"),
    bad: style("red"),
    loud: style(["bold", "red"]),
    warn: style("yellow"),
    faint: style("dim"),
    strong: style("bold"),
  };
}

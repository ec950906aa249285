import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

/** A stream that may be a terminal. */
export type Sink = NodeJS.WriteStream;

/** Gives a text a colour or weight, where the stream can show it. */
export type Style = (text: string) => string;

/** Styles for one stream. Heeds `NO_COLOR`, `FORCE_COLOR`, and that a pipe has no colours. */
export interface Paint {
  readonly good: Style;
  readonly bad: Style;
  readonly loud: Style;
  readonly warn: Style;
  readonly faint: Style;
  readonly strong: Style;
}

/** The styles that `stream` can show. */
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

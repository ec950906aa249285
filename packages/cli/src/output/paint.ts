import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

/** Something to write to: its colours are left out where it does not want them. */
export type Sink = NodeJS.WriteStream;

/** Gives a text its looks, where the stream can show them. */
export type Style = (text: string) => string;

/** Styles for one stream: `NO_COLOR`, `FORCE_COLOR` and pipes are respected. */
export interface Paint {
  readonly good: Style;
  readonly bad: Style;
  readonly loud: Style;
  readonly warn: Style;
  readonly faint: Style;
  readonly strong: Style;
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

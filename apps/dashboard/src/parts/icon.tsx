import type { JSX } from "preact";
import type { Sign } from "../reading/status.ts";

/** The pictures of the page, drawn in a square of 24. */
export type IconName =
  | Sign
  | "check"
  | "cross"
  | "sun"
  | "moon"
  | "auto"
  | "keys"
  | "link"
  | "list";

const PATHS: Readonly<Record<IconName, string>> = {
  rest: "M5 12h14",
  wait: "M12 6.5V12l3.5 2.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z",
  go: "M8 5.5v13l10.5-6.5Z",
  hold: "M9 6v12M15 6v12",
  gate: "M6 11V8a6 6 0 0 1 12 0v3M5 11h14v9H5Z",
  back: "M9 7 4 12l5 5M4.5 12H15a5 5 0 0 1 0 10",
  alarm: "M12 4 2.8 20h18.4ZM12 10v4.5M12 17.2v.3",
  done: "M5 3.5v17M5 5h13l-3 4 3 4H5",
  check: "m5 12.5 4.5 4.5L19 7.5",
  cross: "M6 6l12 12M18 6 6 18",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  moon: "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5Z",
  auto: "M12 3a9 9 0 1 0 0 18ZM12 3a9 9 0 0 1 0 18",
  keys: "M3 6.5h18v11H3ZM7 10h.1M11 10h.1M15 10h.1M17.5 10h.1M8 14h8",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1-1",
  list: "M4 6.5h16M4 12h16M4 17.5h16",
};

/** A picture that says nothing that the words beside it do not. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

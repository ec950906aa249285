import type { JSX } from "preact";

/** The pattern of thin data, once in the page. */
export function Hatch(): JSX.Element {
  return (
    <svg class="definitions" width="0" height="0" aria-hidden="true">
      <defs>
        <pattern
          id="hatch"
          width="5"
          height="5"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect class="hatch-line" width="2" height="5" />
        </pattern>
      </defs>
    </svg>
  );
}

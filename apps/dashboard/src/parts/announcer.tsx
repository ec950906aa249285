import type { JSX } from "preact";

/** Speaks once for each change of its text, also for those who do not see the page. */
export function Announcer(props: {
  readonly text: string;
  readonly isUrgent: boolean;
}): JSX.Element {
  const { text, isUrgent } = props;
  return (
    <div class="visually-hidden">
      <p role="status">{isUrgent ? "" : text}</p>
      <p role="alert">{isUrgent ? text : ""}</p>
    </div>
  );
}

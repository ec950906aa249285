import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import { sourceText } from "@edgezero/control-api/source-text";
import type { JSX } from "preact";
import { silentSources } from "../reading/freshness.ts";
import { incidentText } from "../reading/incident-words.ts";
import { agoText, clockText, isoText } from "../reading/times.ts";
import { Icon } from "./icon.tsx";

/**
 * Sources of evidence that give nothing, or not all of it, and what is worth waking someone up. Nothing while
 * all is well.
 */
export function SourceNotes(props: {
  readonly view: EnvironmentView;
  /** The time of what is shown, in milliseconds of the epoch. */
  readonly shownAt: number;
}): JSX.Element | null {
  const { view, shownAt } = props;
  const silent = silentSources(view);
  const noted = view.sources.flatMap(({ name, missing, note = null }) =>
    missing === null && note !== null ? [{ name, note }] : [],
  );
  if (silent.length + noted.length + view.pages.length === 0) return null;
  return (
    <ul class="notes">
      {silent.map((source) => (
        <li key={source.name}>
          <Icon name="alarm" />
          <span>
            Evidence is missing from {sourceText(source)}: {source.missing}
            {source.newest === null ? null : (
              <>
                {" · newest "}
                <Ago at={source.newest} shownAt={shownAt} />
              </>
            )}
          </span>
        </li>
      ))}
      {noted.map(({ name, note }) => (
        <li key={name}>
          <Icon name="alarm" />
          <span>
            Evidence from {name}: {note}
          </span>
        </li>
      ))}
      {view.pages.map(({ incident, reason, since }) => (
        <li key={incident}>
          <Icon name="alarm" />
          <span>
            Alert raised <Ago at={since} shownAt={shownAt} />: {incidentText(reason)}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** A time as of what is shown: while nothing newer comes it does not go on. */
function Ago({ at, shownAt }: { readonly at: number; readonly shownAt: number }): JSX.Element {
  const iso = isoText(at);
  return (
    <time dateTime={iso} title={`${clockText(at, shownAt)} (${iso})`}>
      {agoText(at, shownAt)}
    </time>
  );
}

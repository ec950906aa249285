import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { TimelineKind } from "@edgezero/control-api/timeline";
import type { ReadonlySignal } from "@preact/signals";
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { addressOf } from "../address.ts";
import { isStandingProof } from "../reading/proof.ts";
import type { ListedEntry, TimelineFilter } from "../reading/timeline-list.ts";
import { entryText, listTimeline } from "../reading/timeline-list.ts";
import type { IconName } from "./icon.tsx";
import { Icon } from "./icon.tsx";
import { TimeAgo } from "./time-ago.tsx";

/** What each kind is called, and its picture. */
const KINDS: Readonly<Record<TimelineKind, { readonly name: string; readonly icon: IconName }>> = {
  moved: { name: "States", icon: "go" },
  change: { name: "Writes", icon: "list" },
  command: { name: "Operators", icon: "keys" },
  proof: { name: "Proofs", icon: "done" },
  page: { name: "Alerts", icon: "alarm" },
  outside: { name: "Outside", icon: "link" },
};

interface TimelineProps {
  readonly view: EnvironmentView;
  readonly now: ReadonlySignal<number>;
  /** The entry that the address names. */
  readonly marked: string | null;
}

/** What happened, the latest first: who or what, when and why. */
export function Timeline({ view, now, marked }: TimelineProps): JSX.Element {
  const filter = useSignal<TimelineFilter>({ kind: "all", text: "" });
  useEffect(() => {
    if (marked !== null)
      document.querySelector(".entry.is-marked")?.scrollIntoView({ block: "nearest" });
  }, [marked]);
  const entries = listTimeline(view.timeline, filter.value);
  return (
    <section class="card timeline" aria-labelledby="timeline-title">
      <div class="card-head">
        <h2 id="timeline-title">Timeline</h2>
        <Filter value={filter.value} onChange={(changed) => (filter.value = changed)} />
      </div>
      {entries.length === 0 ? (
        <p class="empty">
          {view.timeline.length === 0 ? "Nothing has happened yet." : "Nothing matches the filter."}
        </p>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- It scrolls by the keyboard.
        <ol tabIndex={0} aria-label="Entries, the latest first">
          {entries.map((entry) => (
            <Entry
              key={entry.key}
              entry={entry}
              isProof={isStandingProof(entry, view.timeline)}
              environment={view.name}
              now={now}
              isMarked={entry.key === marked}
            />
          ))}
        </ol>
      )}
    </section>
  );
}

function Filter(props: {
  readonly value: TimelineFilter;
  readonly onChange: (value: TimelineFilter) => void;
}): JSX.Element {
  const { value, onChange } = props;
  return (
    <search class="filter">
      <select
        aria-label="Kind of entry"
        value={value.kind}
        onChange={({ currentTarget }) =>
          onChange({ ...value, kind: currentTarget.value as TimelineFilter["kind"] })
        }
      >
        <option value="all">All kinds</option>
        {Object.entries(KINDS).map(([kind, { name }]) => (
          <option key={kind} value={kind}>
            {name}
          </option>
        ))}
      </select>
      <input
        id="timeline-filter"
        type="search"
        placeholder="Filter"
        aria-label="Filter by words"
        value={value.text}
        onInput={({ currentTarget }) => onChange({ ...value, text: currentTarget.value })}
      />
    </search>
  );
}

/** What decided an entry. Of a write it is folded: that nothing was found is long to say. */
function Evidence(props: { readonly text: string; readonly isFolded: boolean }): JSX.Element {
  const { text, isFolded } = props;
  if (!isFolded) return <p class="entry-evidence">{text}</p>;
  return (
    <details class="entry-evidence">
      <summary>What the signals said</summary>
      {text}
    </details>
  );
}

function iconOf(entry: ListedEntry, isProof: boolean): IconName {
  if (entry.kind === "proof") return isProof ? "done" : "cross";
  if (entry.kind !== "moved") return KINDS[entry.kind].icon;
  if (entry.to === "held" || entry.to === "paused") return "hold";
  if (entry.to === "rolling-back" || entry.to === "rolled-back") return "back";
  return entry.to === "rollback-unverified" ? "alarm" : KINDS.moved.icon;
}

function Entry(props: {
  readonly entry: ListedEntry;
  /** Whether it proves a rollback, and still does. */
  readonly isProof: boolean;
  readonly environment: string;
  readonly now: ReadonlySignal<number>;
  readonly isMarked: boolean;
}): JSX.Element {
  const { entry, isProof, environment, now, isMarked } = props;
  const { kind, who, reason, evidence, at, key } = entry;
  return (
    <li
      id={`entry-${key}`}
      class={`entry kind-${kind}${isProof ? " is-proof" : ""}${isMarked ? " is-marked" : ""}`}
    >
      <span class="entry-icon" title={KINDS[kind].name}>
        <Icon name={iconOf(entry, isProof)} />
      </span>
      <div>
        <p class="entry-sentence">{entryText(entry)}</p>
        {evidence !== undefined && <Evidence text={evidence} isFolded={kind === "change"} />}
        <p class="entry-about">
          <a href={addressOf(environment, key)}>
            <span class="visually-hidden">{entryText(entry)}, </span>
            <TimeAgo at={at} now={now} />
          </a>
          {" · "}
          {who ?? "the controller"}
          {reason === null ? "" : ` · “${reason}”`}
        </p>
      </div>
    </li>
  );
}

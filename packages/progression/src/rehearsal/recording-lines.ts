import type { Read } from "../plan/place.ts";
import { checked, fieldsOf, isObject, report, shown, under } from "../plan/place.ts";
import { isWithin, name } from "../plan/plan-values.ts";
import type { Clients, PathCounts } from "../reducer/index.ts";
import type { Counts, Histogram } from "../statistics/index.ts";
import type { RecordedSilence, RecordedWindow, RecordingHead } from "./recording.ts";

/** The lines of a recording, and the rule of each of their fields. `recording.schema.json` says the same. */

function isNumber(value: unknown): value is number {
  return isWithin(value, 0, Number.MAX_SAFE_INTEGER);
}

const time: Read<number> = checked(isNumber, "milliseconds of the epoch");
const number: Read<number> = checked(isNumber, "a number of at least 0");
const percentage: Read<number> = checked(
  (value): value is number => Number.isInteger(value) && isWithin(value, 0, 100),
  "a whole number from 0 to 100",
);
const length: Read<number> = checked(
  (value): value is number => isWithin(value, 1, 86_400_000),
  "milliseconds from 1 to a day",
);
const bounds: Read<readonly number[]> = checked(
  (value): value is number[] =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= 1000 &&
    value.every((one, i) => isWithin(one, 0, 1e12) && one > Number(value[i - 1] ?? 0)),
  "1 to 1000 numbers above 0 that ascend",
);

function exactly<const Value>(wanted: Value): Read<Value> {
  return checked((value): value is Value => value === wanted, JSON.stringify(wanted));
}

/** A reader says `null` where a value is wrong, so that a right `null` needs a name of its own. */
const NOTHING = { nothing: true } as const;
type OrNothing<Value> = Value | typeof NOTHING;

function orNull<Value>(read: Read<Value>): Read<OrNothing<Value>> {
  return (value, place) => (value === null ? NOTHING : read(value, place));
}

const headFields = fieldsOf<RecordingHead>(
  { type: exactly("recording"), version: exactly(1), source: name, windowMs: length, bounds },
  ["type", "version", "source", "windowMs", "bounds"],
);

export const readHead: Read<RecordingHead> = (value, place) =>
  headFields(value, place) as RecordingHead | null;

/** Two numbers of which the second is at most the first. */
function partOf<Whole extends string, Part extends string>(
  whole: Whole,
  part: Part,
): Read<Record<Whole | Part, number>> {
  const fields = fieldsOf<Record<Whole | Part, number>>(
    { [whole]: number, [part]: number } as Record<Whole | Part, Read<number>>,
    [whole, part],
  );
  return (value, place) => {
    const read = fields(value, place);
    const { [whole]: all, [part]: some } = (read ?? {}) as Partial<Record<string, number>>;
    if (all === undefined || some === undefined) return null;
    if (some <= all) return read as Record<Whole | Part, number>;
    return report(under(place, part), "wrong-value", `${some} of ${all}`, `at most ${whole}`);
  };
}

const clients: Read<Clients> = partOf("all", "failing");
const counts: Read<Counts> = partOf("trials", "hits");

function signalsReader(many: number): Read<PathCounts["signals"]> {
  const buckets = checked(
    (value): value is number[] =>
      Array.isArray(value) && value.length === many && value.every(isNumber),
    `${many} counts, one more than the bounds of the head`,
  );
  const histogram = fieldsOf<Histogram>({ buckets }, ["buckets"]) as Read<Histogram>;
  return (value, place) => {
    if (!isObject(value)) {
      return report(place, "wrong-value", `${shown(value)} is not allowed`, "signals by name");
    }
    const entries = Object.entries(value).map(([key, given]) => {
      const isHistogram = isObject(given) && Object.hasOwn(given, "buckets");
      return [key, (isHistogram ? histogram : counts)(given, under(place, key))] as const;
    });
    return Object.fromEntries(entries) as PathCounts["signals"];
  };
}

function pathReader(many: number): Read<PathCounts> {
  const fields = fieldsOf<{
    requests: number;
    clients: OrNothing<Clients>;
    signals: PathCounts["signals"];
  }>({ requests: number, clients: orNull(clients), signals: signalsReader(many) }, [
    "requests",
    "signals",
  ]);
  return (value, place) => {
    const { requests = 0, clients: given = NOTHING, signals = {} } = fields(value, place) ?? {};
    return { requests, clients: "nothing" in given ? null : given, signals };
  };
}

const decisions: Read<Readonly<Record<string, number>>> = (value, place) => {
  if (!isObject(value)) {
    return report(place, "wrong-value", `${shown(value)} is not allowed`, "decisions by epoch");
  }
  for (const [epoch, count] of Object.entries(value)) number(count, under(place, epoch));
  return value as Readonly<Record<string, number>>;
};

/** Reads windows of a recording with this head. */
export function windowReader({ bounds: known, windowMs }: RecordingHead): Read<RecordedWindow> {
  const path = pathReader(known.length + 1);
  const fields = fieldsOf<
    Omit<RecordedWindow, "instances"> & { readonly instances: OrNothing<number> }
  >(
    {
      type: exactly("window"),
      source: name,
      from: time,
      to: time,
      pct: percentage,
      canary: path,
      control: path,
      decisions,
      instances: orNull(number),
    },
    ["type", "source", "from", "to", "pct", "canary", "control"],
  );
  return (value, place) => {
    const before = place.findings.length;
    const { instances = NOTHING, ...read } = fields(value, place) ?? {};
    if (place.findings.length > before) return null;
    const counted = typeof instances === "number" ? instances : null;
    const window = { decisions: {}, ...read, instances: counted } as RecordedWindow;
    const lasts = window.to - window.from;
    if (lasts === windowMs) return window;
    const message = `the window lasts ${lasts} ms`;
    return report(under(place, "to"), "wrong-value", message, `${windowMs} ms after from`);
  };
}

const silenceFields = fieldsOf<RecordedSilence>(
  { type: exactly("silence"), source: name, at: time },
  ["type", "source", "at"],
);

export const readSilence: Read<RecordedSilence> = (value, place) =>
  silenceFields(value, place) as RecordedSilence | null;

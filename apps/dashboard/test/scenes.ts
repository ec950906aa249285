import type { Recorded } from "./recorder.ts";
import { Recorder } from "./recorder.ts";

/** The plan of the scenes: the one of the documentation, with the signals of a short plan. */
const PLAN = {
  stages: [
    { pct: 1, hold: "30m" },
    { pct: 10, hold: "2h", minRequests: 20_000 },
    { pct: 50, hold: "24h", approval: true },
    { pct: 100, hold: "48h" },
  ],
  advance: "no-breach",
  signals: {
    errors: {
      kind: "rate",
      of: "failures",
      margin: { points: 0.1 },
      ceiling: { rate: 0.02 },
      breach: "rollback",
      weight: 8,
    },
    timeouts: { kind: "rate", of: "timeouts", margin: { times: 2 }, breach: "rollback" },
    p95: {
      kind: "quantile",
      quantile: 0.95,
      margin: { percent: 15 },
      ceiling: { ms: 1600 },
      breach: "hold",
      rollbackAfter: "1h",
    },
  },
  freeze: ["Fri 16:00 - Mon 08:00 Europe/Berlin"],
  window: "15s",
};

/** Days pass in fewer steps. */
const SLOW_PLAN = { ...PLAN, window: "2m" };

function begun(at: number, plan: typeof PLAN = PLAN): Recorder {
  const recorder = new Recorder(plan, at - 12 * 3_600_000);
  recorder.pass(60);
  recorder.command("start", { reason: "release 42" });
  return recorder;
}

function atStage(at: number, stage: number): Recorder {
  const recorder = begun(at);
  recorder.pass(({ phase }) => phase.name === "observing" && phase.pass.stage === stage);
  return recorder;
}

/** Every state of the reducer, and the reasons that look different. */
export type SceneName =
  | "idle"
  | "warming-up"
  | "propagating"
  | "thin"
  | "observing"
  | "healthy"
  | "noted"
  | "breach"
  | "blind"
  | "no-traffic"
  | "drifted"
  | "share"
  | "freeze"
  | "awaiting-approval"
  | "paused"
  | "rolling-back"
  | "proving"
  | "rolled-back"
  | "rolled-back-outside"
  | "rollback-unverified"
  | "rollback-revoked"
  | "incident"
  | "completed";

/** Plays each scene, ending near the moment `at`, in milliseconds of the epoch. */
const SCENES: Readonly<Record<SceneName, (at: number) => Recorder>> = {
  idle: (at) => {
    const recorder = new Recorder(PLAN, at - 3_600_000);
    recorder.pass(200);
    return recorder;
  },
  "warming-up": (at) => {
    const recorder = new Recorder(PLAN, at - 3_600_000);
    recorder.pass(1);
    recorder.command("start", { reason: "release 42" });
    recorder.pass(7);
    return recorder;
  },
  propagating: (at) => {
    const recorder = begun(at);
    recorder.pass(({ phase }) => phase.name === "observing");
    recorder.pass(({ phase }) => phase.name === "propagating");
    recorder.isArriving = false;
    recorder.pass(1);
    return recorder;
  },
  thin: (at) => {
    const recorder = begun(at);
    recorder.requests = 470;
    recorder.pass(({ phase }) => phase.name === "observing");
    recorder.pass(8);
    return recorder;
  },
  observing: (at) => {
    const recorder = atStage(at, 1);
    recorder.pass(55);
    return recorder;
  },
  healthy: (at) => {
    const recorder = atStage(at, 2);
    recorder.requests = 60_000;
    recorder.pass(1400);
    return recorder;
  },
  noted: (at) => {
    const recorder = atStage(at, 1);
    recorder.pass(55);
    recorder.note = "3 of 4,120 events could not be read";
    recorder.pass(1);
    return recorder;
  },
  breach: (at) => {
    const recorder = atStage(at, 1);
    recorder.pass(100);
    recorder.edgezero.medianMs = 130;
    recorder.pass(({ phase }) => phase.name === "held", 2000);
    recorder.pass(6);
    return recorder;
  },
  blind: (at) => {
    const recorder = atStage(at, 1);
    recorder.pass(100);
    recorder.missing =
      "unreachable: http://gateway.internal:9464/metrics: the connection was refused (ECONNREFUSED)";
    recorder.pass(26);
    return recorder;
  },
  "no-traffic": (at) => {
    const recorder = atStage(at, 1);
    recorder.pass(100);
    recorder.requests = 0;
    recorder.pass(8);
    return recorder;
  },
  drifted: (at) => {
    const recorder = atStage(at, 1);
    recorder.pass(100);
    recorder.set(25);
    recorder.pass(8);
    return recorder;
  },
  share: (at) => {
    const recorder = atStage(at, 1);
    recorder.pass(100);
    recorder.share = 0.31;
    recorder.pass(60);
    return recorder;
  },
  freeze: (at) => {
    // The hold of the second stage ends on Friday evening.
    const recorder = new Recorder(PLAN, fridayBefore(at));
    recorder.pass(20);
    recorder.command("start", { reason: "release 42" });
    recorder.pass(700);
    return recorder;
  },
  "awaiting-approval": (at) => {
    const recorder = begun(at - 86_400_000, SLOW_PLAN);
    recorder.requests = 24_000;
    recorder.pass(({ phase }) => phase.name === "awaiting-approval");
    recorder.pass(5);
    return recorder;
  },
  paused: (at) => {
    const recorder = atStage(at, 1);
    recorder.pass(90);
    recorder.command("pause", { reason: "a look at the logs" });
    recorder.pass(12);
    return recorder;
  },
  "rolling-back": (at) => {
    const recorder = atStage(at, 1);
    recorder.pass(100);
    recorder.isWriting = false;
    recorder.command("rollback", { reason: "checkout is broken" });
    return recorder;
  },
  proving: (at) => {
    const recorder = atStage(at, 1);
    recorder.pass(100);
    recorder.isProving = false;
    recorder.command("rollback", { reason: "checkout is broken" });
    return recorder;
  },
  "rolled-back": (at) => {
    const recorder = atStage(at, 1);
    recorder.pass(100);
    recorder.edgezero.failures = 0.05;
    recorder.pass(({ phase }) => phase.name === "rolled-back", 500);
    recorder.pass(20);
    return recorder;
  },
  "rollback-unverified": (at) => {
    const recorder = atStage(at, 1);
    recorder.pass(100);
    recorder.isProving = false;
    recorder.command("rollback", { reason: "checkout is broken" });
    recorder.fails(
      "http://10.0.0.3:8080: it still serves the epoch before, and may send clients to EdgeZero.",
    );
    recorder.pass(8);
    return recorder;
  },
  /** Someone else deleted the key, which nobody proves. */
  "rolled-back-outside": (at) => {
    const recorder = atStage(at, 1);
    recorder.pass(100);
    recorder.set(0);
    recorder.legacyBy = "pct-missing";
    recorder.pass(8);
    return recorder;
  },
  /** It was proven, and then a gateway sent requests to EdgeZero again. */
  "rollback-revoked": (at) => {
    const recorder = atStage(at, 1);
    recorder.pass(100);
    recorder.command("rollback", { reason: "checkout is broken" });
    recorder.pass(30);
    recorder.share = 0.04;
    recorder.pass(({ phase }) => phase.name === "rollback-unverified", 40);
    return recorder;
  },
  incident: (at) => {
    const recorder = atStage(at, 1);
    recorder.pass(100);
    recorder.edgezero.failures = 0.2;
    recorder.legacy.failures = 0.2;
    recorder.pass(({ phase }) => phase.name === "held", 200);
    recorder.pass(2);
    return recorder;
  },
  completed: (at) => {
    const recorder = begun(at - 4 * 86_400_000, SLOW_PLAN);
    recorder.requests = 24_000;
    recorder.pass(({ phase }) => phase.name === "awaiting-approval");
    recorder.command("approve", { stage: 3, by: "ben", reason: "numbers look right" });
    recorder.pass(({ phase }) => phase.name === "completed");
    recorder.pass(10);
    return recorder;
  },
};

export const SCENE_NAMES: readonly SceneName[] = Object.keys(SCENES) as SceneName[];

function fridayBefore(at: number): number {
  const date = new Date(at);
  date.setUTCHours(13, 0, 0, 0);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 2) % 7));
  return date.getTime();
}

/** Every run plays the same scene. */
const PLAYED_AT = Date.UTC(2026, 10, 26, 21, 30);
/** A scene is played once. */
const PLAYED = new Map<SceneName, Recorded>();

function played(name: SceneName): Recorded {
  const known = PLAYED.get(name) ?? SCENES[name](PLAYED_AT).recorded("");
  PLAYED.set(name, known);
  return known;
}

/** A scene as if it ended now: its times are moved so that the last view is fresh. */
export function scene(name: SceneName, now: number, environment = "production"): Recorded {
  const { view, history } = played(name);
  const by = now - view.at;
  return {
    view: movedView(view, environment, by),
    history: { ...history, at: history.at.map((at) => at + by) },
  };
}

function movedView(view: Recorded["view"], name: string, by: number): Recorded["view"] {
  const later = (at: number | null): number | null => (at === null ? null : at + by);
  return {
    ...view,
    name,
    at: view.at + by,
    rollback:
      view.rollback === null
        ? null
        : {
            ...view.rollback,
            since: view.rollback.since + by,
            writtenAt: later(view.rollback.writtenAt),
          },
    signals: view.signals.map((signal) => ({ ...signal, heldSince: later(signal.heldSince) })),
    pages: view.pages.map((page) => ({ ...page, since: page.since + by, at: page.at + by })),
    sources: view.sources.map((source) => ({ ...source, newest: later(source.newest) })),
    timeline: view.timeline.map((entry) => ({ ...entry, at: entry.at + by })),
  };
}

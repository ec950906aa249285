import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { Notifications } from "@edgezero/control-api/notifications";
import { messageOf } from "@edgezero/faults/faults";
import { createPending } from "../effects/pending.ts";
import type { Clock } from "../loop/clock.ts";
import { createDeliveries } from "./deliveries.ts";
import type { Happening, KnownIncidents, OpenIncident } from "./follow.ts";
import { follow } from "./follow.ts";
import type { PresentIncident, TakenLease } from "./incident.ts";
import { incidentsOf } from "./incident.ts";
import { messageId } from "./message-id.ts";
import { noticeOf } from "./notice.ts";
import type { NotifyPlace } from "./notify-state.ts";
import { openNotifyState } from "./notify-state.ts";
import { added, orphaned } from "./outbox.ts";
import type { Receiver } from "./receiver.ts";
import { createSilence } from "./silence.ts";

/** Everything that telling people of one environment needs. */
export interface NotifierParts extends NotifyPlace {
  /** The store, without credentials: environments of two sites may have one name. */
  readonly location: string;
  readonly receivers: readonly Receiver[];
  /** Where the page of the controller is; `null` where nobody knows. */
  readonly page: string | null;
  /** How long a source may be silent, in milliseconds. */
  readonly silenceMs: () => number;
  /** Whether this process still leads; `null`: nobody can tell. It may reject. */
  readonly leads: () => Promise<boolean | null>;
  /** Which controller led before and did not hand over; absent or `null` where none did. */
  readonly taken?: TakenLease | null | undefined;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random?: (() => number) | undefined;
}

/** Tells receivers of incidents. Nothing that it does, or cannot do, keeps the rollout up. */
export interface Notifier {
  /** Looks at a view: what began and what ended since the last one is told. */
  observe(view: EnvironmentView): void;
  /** How many messages went where, for the API and the metrics. */
  read(): Notifications;
  /** Resolves once nothing is being saved. */
  settled(): Promise<void>;
  /** Ends what is under way. What was not delivered waits for the next process. */
  close(): Promise<void>;
}

/** Goes on with the messages that an earlier process has left. Never rejects for the state of its file. */
export async function openNotifier(parts: NotifierParts): Promise<Notifier> {
  const { name, location, receivers, clock, logger, random = Math.random } = parts;
  const stop = new AbortController();
  const silence = createSilence();
  const state = await openNotifyState(parts);
  const known = new Set(receivers.map((each) => each.name));
  state.change({ outbox: orphaned(state.read().outbox, known, clock.wall()) });
  const deliveries = createDeliveries({
    name,
    receivers,
    state,
    clock,
    logger,
    random,
    stop: stop.signal,
  });
  const pending = createPending((error) => {
    logger.error("telling people failed", { environment: name, why: messageOf(error) });
  });
  let leads: boolean | null = null;

  function enqueue(happening: Happening, view: EnvironmentView): void {
    const notice = noticeOf(happening, view, parts.page);
    const at = clock.wall();
    for (const receiver of receivers) {
      const id = messageId({ location, environment: name, receiver: receiver.name }, happening);
      const { incident, what } = notice;
      const body = receiver.write(notice, id);
      const message = { id, receiver: receiver.name, incident, what, at, attempts: 0, nextAt: at };
      state.change({ outbox: added(state.read().outbox, { ...message, body, why: null }) });
    }
    logger.info("told", { environment: name, incident: notice.incident, what: notice.what });
  }

  async function tellNew(happenings: readonly Happening[], view: EnvironmentView): Promise<void> {
    for (const happening of happenings) enqueue(happening, view);
    // What was told must be known after a crash, or it would be told again under another id.
    await state.save();
    deliveries.wake();
  }

  async function askLease(): Promise<void> {
    leads = await parts.leads().catch(() => null);
  }

  return {
    observe(view) {
      if (stop.signal.aborted || receivers.length === 0) return;
      void pending.track(askLease());
      const facts = {
        leads,
        taken: parts.taken ?? null,
        silentSince: silence.seen(view),
        silenceMs: parts.silenceMs(),
      };
      const found = incidentsOf(view, facts);
      const before = state.read().known;
      // Of a rollout that is not run nobody knows whether what it was told of is over.
      const present = view.state === "unavailable" ? withKnown(found, before) : found;
      const followed = follow(before, present, view.at);
      state.change({ known: followed.known });
      if (followed.happenings.length > 0) void pending.track(tellNew(followed.happenings, view));
    },
    read() {
      const { outbox, known: incidents } = state.read();
      return {
        receivers: receivers.map(({ name: receiver, format, origin }) => {
          const mine = outbox.waiting.filter((each) => each.receiver === receiver);
          const why = mine.findLast((each) => each.why !== null)?.why ?? null;
          const counts = deliveries.counts(receiver);
          return { name: receiver, format, origin, waiting: mine.length, ...counts, why };
        }),
        open: incidents.open.map(({ id, kind, since }) => ({
          incident: `${name}/${id}`,
          kind,
          since,
        })),
        dead: outbox.dead,
      };
    },
    settled: async () => pending.settled(),
    async close() {
      stop.abort();
      await deliveries.ended();
      await pending.settled();
      await state.save();
      await Promise.all(receivers.map(async (each) => each.close()));
    },
  };
}

function withKnown(
  found: readonly PresentIncident[],
  { open }: KnownIncidents,
): readonly PresentIncident[] {
  const lasting = open.filter(({ key }) => found.every((each) => each.key !== key));
  return [...found, ...lasting.map(presentOf)];
}

function presentOf({ key, kind, since, pagedAt, about }: OpenIncident): PresentIncident {
  return { key, kind, since, pagedAt, about, isOver: false };
}

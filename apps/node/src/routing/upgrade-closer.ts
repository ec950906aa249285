import type { Duplex } from "node:stream";
import type { ConfigStore } from "@edgezero/rollout";
import { readRollout, REASONS } from "@edgezero/rollout";
import { FrameFollower, GOING_AWAY } from "./web-socket-frames.ts";

/** How often the config is asked while upgrades are open at EdgeZero. It is in memory. */
const CHECK_MS = 250;
/** How many checks wait for the end of a frame. With the first check and the last, all takes a second. */
const PATIENCE = 2;

/** An upgrade that both sides have agreed to. */
export interface Upgrade {
  readonly client: Duplex;
  readonly origin: Duplex;
  readonly isWebSocket: boolean;
}

/** An upgrade on its way: open, with the checks that it has kept waiting, or told to close. */
type State =
  | { readonly kind: "open"; readonly frames: FrameFollower | null; readonly waited: number }
  | { readonly kind: "closing" };

/** How many upgrades were closed, by the code that their client was told, if any. */
export type ClosedUpgrades = Record<"1001" | "none", number>;

/** Counts that are 0. */
export function createClosedUpgrades(): ClosedUpgrades {
  return { "1001": 0, none: 0 };
}

/** Takes upgrades that it will close. */
export type UpgradeCloser = (upgrade: Upgrade) => void;

/**
 * Makes a function that takes upgrades that are open at EdgeZero, and closes them within a second
 * after the config sends every request to legacy: a WebSocket with the code 1001, others without a
 * word. A config that cannot be read closes none: a moment of that must not cut every connection.
 */
export function createUpgradeCloser(
  configStore: ConfigStore,
  counts: ClosedUpgrades = createClosedUpgrades(),
): UpgradeCloser {
  return closeWhen(async () => {
    const { path, wasRead } = REASONS[(await readRollout(configStore)).reason];
    return path === "legacy" && wasRead === true;
  }, counts);
}

/** Closes upgrades in the same way where the condition holds. It is asked often, so make it cheap. */
export function closeWhen(
  isDue: () => boolean | Promise<boolean>,
  counts: ClosedUpgrades = createClosedUpgrades(),
): UpgradeCloser {
  const states = new Map<Upgrade, State>();
  let timer: NodeJS.Timeout | undefined;

  async function check(): Promise<void> {
    if (!(await isDue())) return;
    for (const [upgrade, state] of states) states.set(upgrade, next(upgrade, state, counts));
  }

  return (upgrade) => {
    const { client, origin, isWebSocket } = upgrade;
    if (client.closed) return;
    const frames = isWebSocket ? new FrameFollower() : null;
    if (frames !== null) origin.on("data", (chunk: Buffer) => frames.push(chunk));
    states.set(upgrade, { kind: "open", frames, waited: 0 });
    timer ??= setInterval(() => void check(), CHECK_MS).unref();
    client.on("close", () => {
      states.delete(upgrade);
      if (states.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    });
  };
}

/** Does what is asked of an upgrade now, and gives what it is then. */
function next({ client, origin }: Upgrade, state: State, counts: ClosedUpgrades): State {
  if (state.kind === "closing") {
    // The client does not take what was sent before.
    client.destroy();
    return state;
  }
  const { frames, waited } = state;
  const mayWrite = frames !== null && frames.isBetweenFrames;
  if (frames !== null && !mayWrite && waited < PATIENCE) return { ...state, waited: waited + 1 };
  origin.unpipe(client);
  // Read to its end, so that the origin hears of the client's last frame and closes.
  origin.resume();
  counts[mayWrite ? "1001" : "none"]++;
  if (mayWrite) client.end(GOING_AWAY);
  else client.end();
  return { kind: "closing" };
}

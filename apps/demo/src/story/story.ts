import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { Demo } from "../demo.ts";
import { ENVIRONMENT } from "../demo.ts";

/** How long the story may take, in milliseconds: many times what it takes on a machine that is not busy. */
const MOST_MS = 240_000;

/** What the story came to. */
export interface Ending {
  readonly isProven: boolean;
  readonly sentence: string;
}

/**
 * Breaks EdgeZero in the first stage, and waits until the controller has rolled back and proven it.
 *
 * @param say Takes a line for each chapter.
 */
export async function playStory(demo: Demo, say: (line: string) => void): Promise<Ending> {
  const begun = Date.now();
  const stop = AbortSignal.timeout(MOST_MS);
  const tell = (text: string): void => {
    const seconds = ((Date.now() - begun) / 1000).toFixed(0).padStart(3);
    say(`${seconds} s  ${text}`);
  };
  let shown = "";
  let brokenAt: number | null = null;
  try {
    for await (const { view } of demo.controller.events(ENVIRONMENT, { signal: stop })) {
      if (view.state !== shown) {
        shown = view.state;
        tell(view.sentence);
      }
      if (brokenAt === null && view.state === "observing") {
        brokenAt = Date.now();
        await demo.setFault("some-errors");
        tell(`EdgeZero begins to fail 5% of its requests, at ${view.pct}%.`);
      }
      const ending = endingOf(view, brokenAt);
      if (ending !== null) return await seenByClients(demo, ending);
    }
  } catch (error) {
    if (!stop.aborted) throw error;
  }
  return { isProven: false, sentence: `No proof of a rollback in ${MOST_MS / 1000} s.` };
}

function endingOf(view: EnvironmentView, brokenAt: number | null): Ending | null {
  if (view.state === "completed") return { isProven: false, sentence: "It was not rolled back." };
  if (view.state !== "rolled-back") return null;
  if (brokenAt === null)
    return { isProven: false, sentence: "It was rolled back before the fault." };
  const proof = view.timeline.findLast((entry) => entry.kind === "proof" && entry.proven);
  if (proof === undefined) return { isProven: false, sentence: "The rollback has no proof." };
  const seconds = ((proof.at - brokenAt) / 1000).toFixed(1);
  return { isProven: true, sentence: `Proven ${seconds} s after the fault: ${proof.sentence}` };
}

/** The clients' own count has the last word. */
async function seenByClients(demo: Demo, ending: Ending): Promise<Ending> {
  if (!ending.isProven) return ending;
  // Requests that began before the rollback end in this time.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const { received } = demo.load;
  const before = { ...received };
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const edgezero = received.edgezero - before.edgezero;
  const legacy = received.legacy - before.legacy;
  const seen = `Then ${legacy + edgezero} clients' requests were served, ${edgezero} of them by EdgeZero.`;
  return { isProven: edgezero === 0 && legacy > 0, sentence: `${ending.sentence} ${seen}` };
}

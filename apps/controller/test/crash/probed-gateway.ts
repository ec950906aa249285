import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readingOf } from "@edgezero/operations/reading";
import { createProbe } from "@edgezero/rollout/probe";
import type { OperatorStore } from "@edgezero/stores/operator-store";

export const PROBE_SECRET = "a-secret-of-probes-that-is-long-enough";

/** Each look at a Redis has a connection of its own, which costs the machine of the tests much. */
const LOOK_MS = { file: 20, redis: 100 } as const;

/** A gateway that answers signed probes alone, by what its store has at that moment. */
export interface ProbedGateway {
  readonly url: string;
  close(): Promise<void>;
}

export async function startProbedGateway(
  store: OperatorStore,
  kind: keyof typeof LOOK_MS,
): Promise<ProbedGateway> {
  const changes: { from: string; epoch: string; at: number }[] = [];
  let last: string | null = null;
  const rollout = {
    async read() {
      const { state } = await readingOf(await store.read());
      if (last !== null && last !== state.epoch) {
        changes.push({ from: last, epoch: state.epoch, at: performance.now() });
      }
      last = state.epoch;
      return state;
    },
  };
  const probe = createProbe({
    secrets: [PROBE_SECRET],
    about(epoch) {
      const change = changes.findLast((each) => each.epoch === epoch);
      return change === undefined
        ? null
        : { from: change.from, ago: Math.round(performance.now() - change.at) };
    },
  });
  // A gateway that listens has read its store: else a course may write before it, and no one sees the change.
  await rollout.read();
  // It looks again without being asked. A slow look is not overtaken by the next one.
  let isOpen = true;
  let look = setTimeout(() => void lookOn(), LOOK_MS[kind]);
  async function lookOn(): Promise<void> {
    await rollout.read().catch(() => {});
    if (isOpen) look = setTimeout(() => void lookOn(), LOOK_MS[kind]);
  }
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = new Headers(request.headers as Record<string, string>);
    const asked = new Request(`http://gateway${request.url ?? "/"}`, { headers });
    type Rollout = Parameters<typeof probe.answer>[2];
    const given = (await probe.answer(asked, null, rollout as Rollout)) as Response | null;
    response.writeHead(given?.status ?? 404, Object.fromEntries(given?.headers ?? []));
    response.end();
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      isOpen = false;
      clearTimeout(look);
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

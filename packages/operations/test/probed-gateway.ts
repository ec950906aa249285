import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { decide } from "@edgezero/rollout";
import { formatProbe, PROBE_HEADER } from "@edgezero/rollout/probe";
import type { StoredValues } from "@edgezero/stores/operator-store";
import { answerSignature } from "../src/probe/answer-signature.ts";
import { readingOf } from "../src/reading.ts";

/** The secret of the servers below. */
export const PROBE_SECRET: string = "s".repeat(32);

/** A server that answers signed probes as a gateway does; it takes every token for one by `PROBE_SECRET`. */
export interface ProbedGateway {
  readonly url: string;
  readonly requests: { readonly url: string; readonly port: number; readonly at: number }[];
  readonly close: () => void;
}

/**
 * Starts it, over values that are read for each probe, and once at the start; `null`: it answers the
 * probe as an ordinary request. It tells of a change since then, as a gateway that polls does.
 */
export async function startProbedGateway(
  values: (number: number) => StoredValues | null,
  instances = 1,
): Promise<ProbedGateway> {
  const names = Array.from({ length: instances }, () => randomBytes(8).toString("hex"));
  const requests: ProbedGateway["requests"] = [];
  const atStart = values(0);
  let known = atStart === null ? null : (await readingOf(atStart)).state.epoch;
  let change: { readonly from: string; readonly at: number } | null = null;
  const server: Server = createServer(async (request, response) => {
    const number = requests.length;
    requests.push({
      url: request.url ?? "",
      port: request.socket.remotePort ?? 0,
      at: performance.now(),
    });
    const found = values(number);
    const token = String(request.headers[PROBE_HEADER]);
    const bucket = Number(token.split(".")[2]);
    if (found === null || Number.isNaN(bucket)) {
      response.setHeader("x-edgezero-path", "legacy").end();
      return;
    }
    const { state } = await readingOf(found);
    const { path, reason, rolloutPct } = decide(state, null, bucket);
    const instance = names[number % instances] ?? "";
    if (known !== null && known !== state.epoch) change = { from: known, at: performance.now() };
    known = state.epoch;
    const answer = formatProbe({
      path,
      reason,
      pct: rolloutPct,
      bucket,
      epoch: state.epoch,
      instance,
      open: number % instances,
      place: null,
      from: change?.from,
      ago: change && Math.floor(performance.now() - change.at),
    });
    const signature = answerSignature(token, answer, PROBE_SECRET);
    response.writeHead(204, { [PROBE_HEADER]: `${answer}; signature=${signature}` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

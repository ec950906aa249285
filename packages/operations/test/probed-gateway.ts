import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { decide } from "@edgezero/rollout";
import { formatProbe, PROBE_HEADER } from "@edgezero/rollout/probe";
import type { StoredValues } from "@edgezero/stores/operator-store";
import { readingOf } from "../src/reading.ts";

/** A server that answers signed probes as a gateway does; it takes every token for genuine. */
export interface ProbedGateway {
  readonly url: string;
  readonly requests: { readonly url: string; readonly port: number; readonly at: number }[];
  readonly close: () => void;
}

/**
 * Starts it, over values that are read for each probe; `null`: it answers the probe as an ordinary
 * request.
 */
export async function startProbedGateway(
  values: (number: number) => StoredValues | null,
  instances = 1,
): Promise<ProbedGateway> {
  const names = Array.from({ length: instances }, () => randomBytes(8).toString("hex"));
  const requests: ProbedGateway["requests"] = [];
  const server: Server = createServer(async (request, response) => {
    const number = requests.length;
    requests.push({
      url: request.url ?? "",
      port: request.socket.remotePort ?? 0,
      at: performance.now(),
    });
    const found = values(number);
    const bucket = Number(String(request.headers[PROBE_HEADER]).split(".")[2]);
    if (found === null || Number.isNaN(bucket)) {
      response.setHeader("x-edgezero-path", "legacy").end();
      return;
    }
    const { state } = await readingOf(found);
    const { path, reason, rolloutPct } = decide(state, null, bucket);
    const instance = names[number % instances] ?? "";
    const answer = formatProbe({
      path,
      reason,
      pct: rolloutPct,
      bucket,
      epoch: state.epoch,
      instance,
      open: number % instances,
      place: null,
    });
    response.writeHead(204, { [PROBE_HEADER]: answer }).end();
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

import { open, responseTo } from "@edgezero/testbed/http-client";
import { startNodeGateway } from "../servers/node-gateway.ts";
import { median } from "../statistics.ts";
import { startCountingOrigin } from "./origin.ts";

/** How long the origin takes for an answer, in milliseconds. */
export const ORIGIN_TAKES_MS = 20;
/** So many clients that no share of one client limits them. */
const CLIENTS = 10;

/** A burst: all requests at once, each on a connection of its own. */
export interface Burst {
  readonly requests: number;
  /** How many answers there were of each status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** The most connections to the origin at a time. */
  readonly originConnections: number;
  /** Milliseconds from the request to its answer: the median and the longest. */
  readonly p50: number;
  readonly worst: number;
}

/** Sends a gateway in front of an origin so many requests at once. */
export async function measureBurst(requests: number): Promise<Burst> {
  const origin = await startCountingOrigin(ORIGIN_TAKES_MS);
  const gateway = await startNodeGateway({
    env: { LEGACY_ORIGIN: origin.url, EDGEZERO_ORIGIN: origin.url },
  });
  try {
    const times: number[] = [];
    const statuses: Record<string, number> = {};
    await Promise.all(
      Array.from({ length: requests }, async (_, i) => {
        const sentAt = performance.now();
        const request = open(gateway.url, { clientIp: `127.0.1.${1 + (i % CLIENTS)}` });
        const response = await responseTo(request.end());
        times.push(performance.now() - sentAt);
        response.resume();
        const status = String(response.statusCode);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }),
    );
    const [p50, worst] = [median(times), Math.max(...times)];
    return { requests, statuses, originConnections: origin.most, p50, worst };
  } finally {
    await gateway.stop();
    await origin.close();
  }
}

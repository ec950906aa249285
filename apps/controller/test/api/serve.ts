import { request } from "node:http";
import type { ApiOptions } from "../../src/api/api.ts";
import { createApi } from "../../src/api/api.ts";
import { listenApi, remoteAddress } from "../../src/api/listen.ts";
import { FakeEnvironments } from "./fake-environments.ts";

export const TOKEN = "0123456789abcdef0123456789abcdef";
export const INGEST_TOKEN = "fedcba9876543210fedcba9876543210";

export interface Served {
  readonly url: string;
  readonly environments: FakeEnvironments;
  readonly faults: unknown[];
  /** Ends streams, as a controller does that stops. */
  readonly ending: AbortController;
  readonly close: () => Promise<void>;
}

/** Serves the API of one environment over a real socket. */
export async function serve(more: Partial<ApiOptions> = {}): Promise<Served> {
  const environments = new FakeEnvironments();
  const faults: unknown[] = [];
  const ending = new AbortController();
  const api = createApi({
    environments,
    token: TOKEN,
    ingestToken: INGEST_TOKEN,
    metrics: () => "edgezero_controller_ticks_total 1\n",
    now: () => 0,
    addressOf: remoteAddress,
    onFault: (error) => faults.push(error),
    ending: ending.signal,
    page: null,
    ...more,
  });
  const server = await listenApi(api.fetch, 0, "127.0.0.1");
  const close = async (): Promise<void> => {
    ending.abort();
    await server.close(1000);
  };
  return { url: server.url, environments, faults, ending, close };
}

/** Sends a request whose headers `fetch` would not send, such as `Host`, and gives the status. */
export async function statusOf(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", reject);
    sent.end();
  });
}

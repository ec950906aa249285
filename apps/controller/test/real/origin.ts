import type { Upstream } from "@edgezero/testbed/upstream";
import { startUpstream } from "@edgezero/testbed/upstream";

/** An origin of which a share of the requests fails. Times are those of `performance.now()`. */
export interface Origin extends Pick<Upstream, "url" | "close"> {
  /** 0 to 1. */
  failing: number;
  /** When it failed for the first time; `null` before that. */
  failedAt: number | null;
  /** When its last request came; `null` before the first. */
  askedAt: number | null;
}

export async function startOrigin(): Promise<Origin> {
  let due = 0;
  const upstream = await startUpstream((_, response) => {
    origin.askedAt = performance.now();
    due += origin.failing;
    const isFailing = due >= 1;
    if (isFailing) {
      due -= 1;
      origin.failedAt ??= origin.askedAt;
    }
    response.writeHead(isFailing ? 500 : 200).end("an answer");
  });
  const origin: Origin = {
    url: upstream.url,
    close: async () => upstream.close(),
    failing: 0,
    failedAt: null,
    askedAt: null,
  };
  return origin;
}

import type { ServerResponse } from "node:http";
import { startUpstream } from "@edgezero/testbed/upstream";

/** A way to a gateway's metrics page that can be cut, while the gateway goes on. */
export interface MetricsProxy {
  readonly url: string;
  isCut: boolean;
  close(): Promise<void>;
}

export async function startMetricsProxy(page: string): Promise<MetricsProxy> {
  async function pass(response: ServerResponse): Promise<void> {
    const answer = await fetch(page);
    const type = answer.headers.get("content-type") ?? "";
    response.writeHead(answer.status, { "content-type": type }).end(await answer.text());
  }

  const upstream = await startUpstream((_, response) => {
    if (proxy.isCut) response.destroy();
    else pass(response).catch(() => response.destroy());
  });
  const proxy: MetricsProxy = {
    url: `${upstream.url}/metrics`,
    isCut: false,
    close: async () => upstream.close(),
  };
  return proxy;
}

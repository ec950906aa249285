import type { Environments } from "@edgezero/controller/api/environments";
import { createApi } from "@edgezero/controller/api/api";
import { listenApi, remoteAddress } from "@edgezero/controller/api/listen";
import { pageFolder, readPage } from "@edgezero/controller/page/page-files";

/** The page and the API of a controller. */
export interface ServedPage {
  readonly url: string;
  /** Ends the streams and the server. */
  close(): Promise<void>;
}

/** Serves the built page and the API over these environments. */
export async function servePage(
  environments: Environments,
  { token = null, port = 0 }: { readonly token?: string | null; readonly port?: number } = {},
): Promise<ServedPage> {
  const page = await readPage(pageFolder());
  if (page === null)
    throw new Error("the page is not built: pnpm --filter @edgezero/dashboard build");
  const ending = new AbortController();
  const api = createApi({
    environments,
    token,
    ingestToken: null,
    metrics: () => "",
    now: () => Date.now(),
    addressOf: remoteAddress,
    onFault: (error) => {
      throw error;
    },
    ending: ending.signal,
    page,
  });
  const server = await listenApi((request, env) => api.fetch(request, env), port, "127.0.0.1");
  return {
    url: server.url,
    async close() {
      ending.abort();
      await server.close(500);
    },
  };
}

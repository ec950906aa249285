import { createRequire } from "node:module";

/** An answer of superagent, which Fastly's client sends with. */
export interface SuperagentResponse {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request of superagent before it is sent. */
export interface SuperagentRequest {
  url: string;
  callback: (...outcome: unknown[]) => void;
  redirects(most: number): SuperagentRequest;
}

/** The result of a call of Fastly's client. */
export interface Answer {
  readonly response: SuperagentResponse;
}

/** The client's connection settings. */
export interface ApiClient {
  timeout: number;
  plugins: ((request: SuperagentRequest) => void)[] | null;
  authenticate(token: string): void;
}

interface ConfigStoreItemApi {
  listConfigStoreItemsWithHttpInfo(options: { readonly config_store_id: string }): Promise<Answer>;
  upsertConfigStoreItemWithHttpInfo(options: {
    readonly config_store_id: string;
    readonly config_store_item_key: string;
    readonly item_value: string;
  }): Promise<Answer>;
}

interface TokensApi {
  getTokenCurrentWithHttpInfo(): Promise<Answer>;
}

interface FastlySdk {
  readonly ApiClient: new () => ApiClient;
  readonly ConfigStoreItemApi: new (client: ApiClient) => ConfigStoreItemApi;
  readonly TokensApi: new (client: ApiClient) => TokensApi;
}

/** The parts of Fastly's client that are used here. It is CommonJS, and brings no types. */
export const Fastly: FastlySdk = createRequire(import.meta.url)("fastly") as FastlySdk;

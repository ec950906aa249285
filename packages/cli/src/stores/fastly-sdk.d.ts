// The parts of Fastly's client that are used here; it brings no types.
declare module "fastly" {
  export interface SuperagentResponse {
    readonly status: number;
    readonly body: unknown;
    readonly headers: Readonly<Record<string, string>>;
  }

  export interface SuperagentRequest {
    url: string;
    callback: (...outcome: unknown[]) => void;
    redirects(most: number): SuperagentRequest;
  }

  export interface Answer {
    readonly response: SuperagentResponse;
  }

  class ApiClient {
    timeout: number;
    plugins: ((request: SuperagentRequest) => void)[] | null;
    authenticate(token: string): void;
  }

  class ConfigStoreItemApi {
    constructor(client: ApiClient);
    listConfigStoreItemsWithHttpInfo(options: {
      readonly config_store_id: string;
    }): Promise<Answer>;
    upsertConfigStoreItemWithHttpInfo(options: {
      readonly config_store_id: string;
      readonly config_store_item_key: string;
      readonly item_value: string;
    }): Promise<Answer>;
  }

  class TokensApi {
    constructor(client: ApiClient);
    getTokenCurrentWithHttpInfo(): Promise<Answer>;
  }

  const fastly: {
    readonly ApiClient: typeof ApiClient;
    readonly ConfigStoreItemApi: typeof ConfigStoreItemApi;
    readonly TokensApi: typeof TokensApi;
  };
  export default fastly;
}

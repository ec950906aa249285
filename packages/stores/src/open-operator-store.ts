import type { OperatorStore } from "./operator-store.ts";
import { StoreSetupError } from "./operator-store.ts";

/** The variables that a store may read, such as its token. */
export type StoreEnv = Readonly<Record<string, string | undefined>>;

/** The forms of a store's URL, for messages. */
export const STORE_URLS = [
  "file:./rollout.json",
  "redis://host:6379",
  "fastly://<store-id>",
  "cloudflare://<account>/<namespace>",
  "wrangler-local:",
] as const;

/**
 * Opens the store that a URL names. Only the code of that store is loaded, so that operating a file
 * never loads a vendor's SDK.
 *
 * @throws StoreError when the URL names no store, or the store cannot be opened.
 */
export async function openStore(url: string, env: StoreEnv): Promise<OperatorStore> {
  switch (/^([a-z-]+):/.exec(url)?.[1] ?? "") {
    case "file":
      return (await import("./file/operator.ts")).openFileStore(url);
    case "redis":
    case "rediss":
      return (await import("./redis/operator.ts")).openRedisStore(url);
    case "fastly":
      return (await import("./fastly/operator.ts")).openFastlyStore(url, env);
    case "cloudflare":
      return (await import("./cloudflare/operator.ts")).openCloudflareStore(url, env);
    case "wrangler-local":
      return (await import("./wrangler-local/operator.ts")).openWranglerLocalStore(url);
    default:
      throw new StoreSetupError(
        `no store has a URL like this; it must be one of ${STORE_URLS.join(", ")}`,
      );
  }
}

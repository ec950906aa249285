import { messageOf } from "@edgezero/faults/faults";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import Cloudflare, { APIError } from "cloudflare";
import { apiBaseFrom, tokenFrom } from "../cloud/access.ts";
import type { Call, Vendor } from "../cloud/request.ts";
import { AttemptError, request, retryAfterMs, startCall } from "../cloud/request.ts";
import { writeOneByOne } from "../one-by-one.ts";
import type { Changes, OperatorStore, RolloutKey } from "../operator-store.ts";
import { StoreSetupError } from "../operator-store.ts";
import { CLOUDFLARE } from "./kind.ts";
import { parseCloudflareUrl } from "./location.ts";
import { valueText } from "./value-text.ts";
import type { OnPause } from "../store-kind.ts";

const OWN_API = "https://api.cloudflare.com/client/v4";
/** The API's error code for a key that is absent from a namespace that exists. */
const KEY_NOT_FOUND = 10009;

/**
 * A Workers KV namespace, `cloudflare://<account>/<namespace>`, through Cloudflare's API with the
 * token in `CLOUDFLARE_API_TOKEN`. `EDGEZERO_CLOUDFLARE_API_URL` names another address of the API.
 *
 * Keys are read and written one by one, see {@link writeOneByOne}. A write drops the key's metadata
 * and its time of expiry, as the API does, so that a rollout does not end by itself.
 *
 * @throws StoreSetupError when the URL or the environment is wrong.
 */
export function openStore(
  url: string,
  env: Readonly<Record<string, string | undefined>>,
  onPause?: OnPause,
): OperatorStore {
  const place = parseCloudflareUrl(url);
  if (place === null) {
    throw new StoreSetupError(
      "a Cloudflare store's URL must be cloudflare://<account>/<namespace>, two ids of 32 hexadecimal digits",
    );
  }
  const token = tokenFrom(env, "CLOUDFLARE_API_TOKEN");
  const { account, namespace, shown: location } = place;
  const vendor: Vendor = {
    name: "Cloudflare",
    permission: `permitted Workers KV Storage: Edit on the account ${account} (Read is enough to read)`,
    missing: `The account ${account} has no KV namespace with the id ${namespace}`,
    token,
    onPause,
  };
  const client = new Cloudflare({
    apiToken: token,
    // Nothing but the token is taken from the environment.
    apiKey: null,
    apiEmail: null,
    userServiceKey: null,
    baseURL: apiBaseFrom(env, "EDGEZERO_CLOUDFLARE_API_URL", OWN_API),
    maxRetries: 0,
    logLevel: "off",
    // The token goes to the API alone.
    fetchOptions: { redirect: "manual" },
  });
  const ids = { account_id: account, namespace_id: namespace };

  async function get(key: RolloutKey, call: Call): Promise<string | null> {
    const what = `${key} cannot be read from ${location}`;
    return request(vendor, { certain: what, uncertain: what }, call, async (timeout, signal) => {
      try {
        const response = await client.kv.namespaces.values.get(key, ids, { timeout, signal });
        if (response.status !== 200) throw new AttemptError(response.status, "");
        return valueText(await response.arrayBuffer());
      } catch (error) {
        if (error instanceof APIError && error.status === 404 && hasCode(error, KEY_NOT_FOUND)) {
          return null;
        }
        throw toAttemptError(error);
      }
    });
  }

  async function put(key: RolloutKey, value: string, call: Call): Promise<void> {
    const what = {
      certain: `${key} was not written to ${location}`,
      uncertain: `${key} may or may not have been written to ${location}`,
    };
    await request(vendor, what, call, async (timeout, signal) => {
      try {
        // As bytes: the form that `values.update` sends would change line breaks.
        const answer = await client.put<{ readonly success?: unknown } | null>(
          `/accounts/${account}/storage/kv/namespaces/${namespace}/values/${key}`,
          {
            body: new TextEncoder().encode(value),
            headers: { "Content-Type": "application/octet-stream" },
            timeout,
            signal,
          },
        );
        if (answer?.success !== true) {
          throw new AttemptError(null, "Cloudflare's answer does not say that it was written");
        }
      } catch (error) {
        throw toAttemptError(error);
      }
    });
  }

  async function write(changes: Changes): Promise<void> {
    const call = startCall();
    await writeOneByOne(changes, async (key, value) => put(key, value, call));
  }

  return {
    location,
    propagation: CLOUDFLARE.propagation.text,
    propagationMs: CLOUDFLARE.propagation.ms,
    async read() {
      const call = startCall();
      const [flag, pct] = await Promise.all([
        get(EDGEZERO_ENABLED_KEY, call),
        get(EDGEZERO_ROLLOUT_PCT_KEY, call),
      ]);
      return { [EDGEZERO_ENABLED_KEY]: flag, [EDGEZERO_ROLLOUT_PCT_KEY]: pct };
    },
    coordination: null,
    write,
    overwrite: write,
    close: async () => {},
  };
}

function errorsOf(error: APIError): Readonly<Record<string, unknown>>[] {
  const { errors } = (error.error ?? {}) as { errors?: unknown };
  return Array.isArray(errors) ? (errors as Readonly<Record<string, unknown>>[]) : [];
}

function hasCode(error: APIError, code: number): boolean {
  return errorsOf(error).some((entry) => entry?.["code"] === code);
}

function toAttemptError(error: unknown): AttemptError {
  if (error instanceof AttemptError) return error;
  if (!(error instanceof APIError) || error.status === undefined) {
    const cause = error instanceof Error ? error.cause : undefined;
    const why = [messageOf(error), ...(cause instanceof Error ? [cause.message] : [])].join(" ");
    return new AttemptError(null, `no whole answer from Cloudflare (${why})`);
  }
  const said = errorsOf(error).map(
    (entry) => `${String(entry?.["message"])} (${String(entry?.["code"])})`,
  );
  return new AttemptError(
    error.status,
    said.join("; "),
    retryAfterMs(error.headers?.get("retry-after")),
  );
}

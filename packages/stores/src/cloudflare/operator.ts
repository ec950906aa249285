import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { tokenFrom } from "../cloud/access.ts";
import type { Call, Vendor } from "../cloud/request.ts";
import { AttemptError, request, startCall } from "../cloud/request.ts";
import { createSend, jsonOf } from "../cloud/send.ts";
import { writeOneByOne } from "../one-by-one.ts";
import type { Changes, OperatorStore, RolloutKey } from "../operator-store.ts";
import { StoreSetupError } from "../operator-store.ts";
import { proxyFor, throughText } from "../proxy/proxy-for.ts";
import { CLOUDFLARE, cloudflareApi } from "./kind.ts";
import { parseCloudflareUrl } from "./location.ts";
import { valueText } from "./value-text.ts";
import type { OnPause } from "../store-kind.ts";

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
  const base = cloudflareApi(env);
  const route = proxyFor(base, env);
  const vendor: Vendor = {
    name: "Cloudflare",
    permission: `permitted Workers KV Storage: Edit on the account ${account} (Read is enough to read)`,
    missing: `The account ${account} has no KV namespace with the id ${namespace}`,
    token,
    through: throughText(route),
    onPause,
  };
  const send = createSend({
    name: vendor.name,
    base,
    route,
    headers: { authorization: `Bearer ${token}` },
    reasonIn: (body) =>
      errorsIn(body)
        .map((entry) => `${String(entry?.["message"])} (${String(entry?.["code"])})`)
        .join("; "),
  });
  const values = `/accounts/${account}/storage/kv/namespaces/${namespace}/values`;

  async function get(key: RolloutKey, call: Call): Promise<string | null> {
    const what = `${key} cannot be read from ${location}`;
    return request(vendor, { certain: what, uncertain: what }, call, async (_, signal) => {
      const answer = await send({ method: "GET", path: `${values}/${key}` }, signal);
      if (answer.status === 200) return valueText(answer.bytes);
      const isAbsent = errorsIn(jsonOf(answer.bytes)).some(
        (entry) => entry?.["code"] === KEY_NOT_FOUND,
      );
      if (answer.status === 404 && isAbsent) return null;
      throw answer.refusal();
    });
  }

  async function put(key: RolloutKey, value: string, call: Call): Promise<void> {
    const what = {
      certain: `${key} was not written to ${location}`,
      uncertain: `${key} may or may not have been written to ${location}`,
    };
    await request(vendor, what, call, async (_, signal) => {
      // As bytes: a form would change line breaks.
      const body = { type: "application/octet-stream", bytes: new TextEncoder().encode(value) };
      const answer = await send({ method: "PUT", path: `${values}/${key}`, body }, signal);
      if (answer.status !== 200) throw answer.refusal();
      const written = jsonOf(answer.bytes) as { readonly success?: unknown } | null;
      if (written?.success !== true) {
        throw new AttemptError(null, "Cloudflare's answer does not say that it was written");
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

function errorsIn(body: unknown): Readonly<Record<string, unknown> | null>[] {
  const { errors } = (body ?? {}) as { errors?: unknown };
  return Array.isArray(errors) ? (errors as Readonly<Record<string, unknown> | null>[]) : [];
}

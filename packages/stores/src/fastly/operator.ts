import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { tokenFrom } from "../cloud/access.ts";
import type { Vendor } from "../cloud/request.ts";
import { request, startCall } from "../cloud/request.ts";
import type { ApiCall } from "../cloud/send.ts";
import { createSend, jsonOf } from "../cloud/send.ts";
import { writeOneByOne } from "../one-by-one.ts";
import type { Changes, OperatorStore, RolloutKey } from "../operator-store.ts";
import { StoreError, StoreSetupError } from "../operator-store.ts";
import { reasonIn, strange, toItem, toItems, toScope, waitIn } from "./answers.ts";
import { proxyFor, throughText } from "../proxy/proxy-for.ts";
import { FASTLY, fastlyApi } from "./kind.ts";
import { parseFastlyUrl } from "./location.ts";
import type { OnPause } from "../store-kind.ts";

/**
 * A Fastly Config Store, `fastly://<store-id>`, through Fastly's API with the token in
 * `FASTLY_API_TOKEN`. `EDGEZERO_FASTLY_API_URL` names another address of the API.
 *
 * Keys are written one by one, see {@link writeOneByOne}.
 *
 * @throws StoreSetupError when the URL or the environment is wrong.
 */
export function openStore(
  url: string,
  env: Readonly<Record<string, string | undefined>>,
  onPause?: OnPause,
): OperatorStore {
  const place = parseFastlyUrl(url);
  if (place === null) {
    throw new StoreSetupError("a Fastly store's URL must be fastly://<store-id>");
  }
  const { id, shown: location } = place;
  const token = tokenFrom(env, "FASTLY_API_TOKEN");
  const base = fastlyApi(env);
  const store = `/resources/stores/config/${id}`;
  const route = proxyFor(base, env);
  const vendor: Vendor = {
    name: "Fastly",
    permission:
      "of an engineer or superuser, with the scope global (global:read is enough to read)",
    missing: `No config store has the id ${id}, or the token's account does not own it`,
    token,
    through: throughText(route),
    onPause,
  };

  const send = createSend({
    name: vendor.name,
    base,
    route,
    headers: { "fastly-key": token, accept: "application/json" },
    reasonIn,
    waitIn,
  });

  /** Sends one request, and gives the JSON of its answer. @throws AttemptError */
  async function ask(call: ApiCall, signal: AbortSignal): Promise<unknown> {
    const answer = await send(call, signal);
    if (answer.status !== 200) throw answer.refusal();
    return jsonOf(answer.bytes);
  }

  async function list(): Promise<Map<string, string>> {
    const what = `${location} cannot be read`;
    return request(vendor, { certain: what, uncertain: what }, startCall(), async (_, signal) =>
      toItems(await ask({ method: "GET", path: `${store}/items` }, signal)),
    );
  }

  async function write(changes: Changes): Promise<void> {
    const call = startCall();
    await writeOneByOne(changes, async (key: RolloutKey, value) => {
      const what = {
        certain: `${key} was not written to ${location}`,
        uncertain: `${key} may or may not have been written to ${location}`,
      };
      await request(vendor, what, call, async (_, signal) => {
        const bytes = new TextEncoder().encode(String(new URLSearchParams({ item_value: value })));
        const body = { type: "application/x-www-form-urlencoded", bytes };
        const written = await ask({ method: "PUT", path: `${store}/item/${key}`, body }, signal);
        if (toItem(written)?.value !== value) throw strange("the item that was written");
      });
    });
  }

  return {
    location,
    propagation: FASTLY.propagation.text,
    propagationMs: FASTLY.propagation.ms,
    async read() {
      const items = await list();
      return {
        [EDGEZERO_ENABLED_KEY]: items.get(EDGEZERO_ENABLED_KEY) ?? null,
        [EDGEZERO_ROLLOUT_PCT_KEY]: items.get(EDGEZERO_ROLLOUT_PCT_KEY) ?? null,
      };
    },
    coordination: null,
    write,
    overwrite: write,
    async checkWritable() {
      await list();
      const what = `whether ${location} can be written is not known`;
      const scope = await request(
        vendor,
        { certain: what, uncertain: what },
        startCall(),
        async (_, signal) => toScope(await ask({ method: "GET", path: "/tokens/self" }, signal)),
      );
      if (!scope.split(" ").includes("global")) {
        throw new StoreError(
          `${location} cannot be written: the token must be ${vendor.permission}`,
        );
      }
    },
    close: async () => {},
  };
}

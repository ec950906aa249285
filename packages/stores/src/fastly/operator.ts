import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { apiBaseFrom, tokenFrom } from "../cloud/access.ts";
import type { Vendor } from "../cloud/request.ts";
import { request, startCall } from "../cloud/request.ts";
import { writeOneByOne } from "../one-by-one.ts";
import type { Changes, OperatorStore, RolloutKey } from "../operator-store.ts";
import { StoreError, StoreSetupError } from "../operator-store.ts";
import { send, strange, toItem, toItems, toScope } from "./answers.ts";
import { FASTLY } from "./kind.ts";
import { parseFastlyUrl } from "./location.ts";
import type { ApiClient, SuperagentRequest } from "./sdk.ts";
import { Fastly } from "./sdk.ts";
import type { OnPause } from "../store-kind.ts";

const OWN_API = "https://api.fastly.com";

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
  const base = apiBaseFrom(env, "EDGEZERO_FASTLY_API_URL", OWN_API);
  const vendor: Vendor = {
    name: "Fastly",
    permission:
      "of an engineer or superuser, with the scope global (global:read is enough to read)",
    missing: `No config store has the id ${id}, or the token's account does not own it`,
    token,
    onPause,
  };

  function client(timeoutMs: number): ApiClient {
    const created = new Fastly.ApiClient();
    created.timeout = timeoutMs;
    created.plugins = [
      (sent) => {
        // These calls ignore the client's own `basePath`.
        if (sent.url.startsWith(`${OWN_API}/`)) sent.url = base + sent.url.slice(OWN_API.length);
        // The token goes to the API alone.
        sent.redirects(0);
        answerOnce(sent);
      },
    ];
    created.authenticate(token);
    return created;
  }

  async function list(): Promise<Map<string, string>> {
    const what = `${location} cannot be read`;
    return request(vendor, { certain: what, uncertain: what }, startCall(), async (timeoutMs) => {
      const api = new Fastly.ConfigStoreItemApi(client(timeoutMs));
      return toItems(await send(api.listConfigStoreItemsWithHttpInfo({ config_store_id: id })));
    });
  }

  async function write(changes: Changes): Promise<void> {
    const call = startCall();
    await writeOneByOne(changes, async (key: RolloutKey, value) => {
      const what = {
        certain: `${key} was not written to ${location}`,
        uncertain: `${key} may or may not have been written to ${location}`,
      };
      await request(vendor, what, call, async (timeoutMs) => {
        const api = new Fastly.ConfigStoreItemApi(client(timeoutMs));
        const item = { config_store_id: id, config_store_item_key: key, item_value: value };
        const body = await send(api.upsertConfigStoreItemWithHttpInfo(item));
        if (toItem(body)?.value !== value) throw strange("the item that was written");
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
        async (timeoutMs) => {
          const api = new Fastly.TokensApi(client(timeoutMs));
          return toScope(await send(api.getTokenCurrentWithHttpInfo()));
        },
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

/** Ignores the errors that a broken connection reports after its first one. */
function answerOnce(sent: SuperagentRequest): void {
  const { callback } = sent;
  let isAnswered = false;
  sent.callback = (...outcome) => {
    if (!isAnswered) callback.apply(sent, outcome);
    isAnswered = true;
  };
}

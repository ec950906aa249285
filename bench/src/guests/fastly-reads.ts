// The Fastly gateway's way to its config, with a count of the keys that a request reads.
import { openConfigStore } from "@edgezero/fastly/config-store";
import { createBuiltInHandler } from "@edgezero/gateway";
import { createRolloutHandler } from "@edgezero/rollout";

const store = openConfigStore();
let reads = 0;

const handle = createRolloutHandler({
  configStore: {
    get(key) {
      reads++;
      return store.get(key);
    },
  },
  legacy: createBuiltInHandler("legacy"),
  edgezero: createBuiltInHandler("edgezero"),
});

async function respond(request: Request, ip: string): Promise<Response> {
  const before = reads;
  const response = await handle(request, { ip });
  const copy = new Response(response.body, response);
  copy.headers.set("x-config-reads", String(reads - before));
  return copy;
}

addEventListener("fetch", (event) => {
  event.respondWith(respond(event.request, event.client.address));
});

import type { RolloutClient, RolloutHandlerOptions } from "../src/index.ts";
import { createRolloutHandler } from "../src/index.ts";
import { storeOf } from "./scripted-store.ts";

export type TestOptions = RolloutHandlerOptions<Request, RolloutClient, Response>;

export const URL_OF_SITE = "https://site.example/a?b=c";

/** A whole gateway, at 100 % unless told otherwise, whose two paths answer with their own name. */
export function testGateway(options: Partial<TestOptions> = {}) {
  const handler = createRolloutHandler<Request, RolloutClient, Response>({
    configStore: storeOf("1", "100"),
    legacy: () => new Response("from legacy"),
    edgezero: () => new Response("from edgezero"),
    ...options,
  });
  return (request = new Request(URL_OF_SITE), client: RolloutClient = { ip: "1.2.3.4" }) =>
    handler(request, client);
}

/** A gateway whose EdgeZero path, which every request takes, is `edgezero`. */
export function gatewayTo(edgezero: TestOptions["edgezero"], options: Partial<TestOptions> = {}) {
  return testGateway({ ...options, edgezero });
}

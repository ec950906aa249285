import type { IncomingMessage } from "node:http";
import type {
  ConfigStore,
  Logger,
  RequestHandler,
  RolloutClient,
  RolloutPath,
} from "@edgezero/rollout";
import { createRolloutHandler } from "@edgezero/rollout";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { ClientAddress } from "./client-address.ts";
import { pendingEvents } from "./pending-events.ts";
import { UpstreamResponse } from "./upstream-response.ts";

/** What a path's handler gets to know of the client. */
export interface NodeClient extends RolloutClient {
  readonly incoming: IncomingMessage;
}

/** A path's handler, on Node. */
export type NodeHandler = RequestHandler<Request, NodeClient, Response | UpstreamResponse>;

/** Settings of {@link createGateway}. */
export interface GatewayOptions extends Readonly<Record<RolloutPath, NodeHandler>> {
  readonly configStore: ConfigStore;
  readonly logger: Logger;
  readonly clientAddress: ClientAddress;
}

/** Routes requests between the two paths, as the `fetch` callback of `@hono/node-server`. */
export function createGateway({
  clientAddress,
  ...options
}: GatewayOptions): (request: Request, bindings: HttpBindings) => Promise<Response> {
  const handle = createRolloutHandler(options);

  return async (request, { incoming, outgoing }) => {
    await pendingEvents();
    const response = await handle(request, { ip: clientAddress.of(incoming), incoming });
    if (!(response instanceof UpstreamResponse)) return response;
    response.sendTo(outgoing);
    return RESPONSE_ALREADY_SENT;
  };
}

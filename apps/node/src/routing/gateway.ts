import type { IncomingMessage } from "node:http";
import type {
  Attribution,
  ConfigStore,
  Logger,
  RequestHandler,
  RolloutClient,
  RolloutPath,
} from "@edgezero/rollout";
import { createRolloutHandler } from "@edgezero/rollout";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { ClientAddress } from "../client/client-address.ts";
import type { GatewayResponse } from "./gateway-response.ts";
import { pendingEvents } from "../process/pending-events.ts";
import { OriginResponse } from "../origin/response.ts";
import { WebResponse } from "./web-response.ts";

/** What a path's handler gets to know of the client. */
export interface NodeClient extends RolloutClient {
  readonly incoming: IncomingMessage;
}

/** A path's handler, on Node. */
export type NodeHandler = RequestHandler<Request, RoutedClient, Response | OriginResponse>;

/** Settings of {@link createGateway}. */
export interface GatewayOptions extends Readonly<Record<RolloutPath, NodeHandler>> {
  readonly configStore: ConfigStore;
  readonly logger: Logger;
  readonly clientAddress: ClientAddress;
  readonly attribution?: Attribution<Request, RoutedClient, Routed> | undefined;
  /** Answers the link that lets a tester choose a path; `null` for every other request. */
  readonly forceLink?:
    | ((request: Request) => Response | null | Promise<Response | null>)
    | undefined;
}

/** A client, and where its response goes. */
export interface RoutedClient extends NodeClient {
  readonly outgoing: GatewayResponse;
}

/** Routes requests between the two paths, as the `fetch` callback of `@hono/node-server`. */
export function createGateway({
  clientAddress,
  legacy,
  edgezero,
  forceLink,
  ...options
}: GatewayOptions): (request: Request, bindings: HttpBindings) => Promise<Response> {
  const handle = createRolloutHandler({
    ...options,
    legacy: routed(legacy),
    edgezero: routed(edgezero),
  });

  return async (request, bindings) => {
    await pendingEvents();
    const link = forceLink && (await forceLink(request));
    if (link) return link;
    const { incoming } = bindings;
    const outgoing = bindings.outgoing as GatewayResponse;
    const response = await handle(request, { ip: clientAddress.of(incoming), incoming, outgoing });
    if (response instanceof WebResponse) return response.response;
    // The answer to a health check comes from the core itself.
    if (!(response instanceof OriginResponse)) return response;
    try {
      response.sendTo(outgoing);
    } catch (error) {
      // Nothing that an origin sends may end more than its own request.
      options.logger.debug("response cannot be sent", { error: String(error) });
      outgoing.isBrokenOff = true;
      outgoing.destroy();
    }
    return RESPONSE_ALREADY_SENT;
  };
}

/** A path's response on its way through the core. */
export type Routed = Response | WebResponse | OriginResponse;

function routed(handler: NodeHandler): RequestHandler<Request, RoutedClient, Routed> {
  return (request, client) => {
    const answer = handler(request, client);
    return answer instanceof Promise
      ? answer.then((response) => toRouted(response, client))
      : toRouted(answer, client);
  };
}

function toRouted(answer: Response | OriginResponse, { outgoing }: RoutedClient): Routed {
  return answer instanceof OriginResponse ? answer : new WebResponse(answer, outgoing);
}

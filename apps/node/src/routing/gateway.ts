import type { IncomingMessage } from "node:http";
import type {
  Attribution,
  ConfigStore,
  Logger,
  Probe,
  RequestHandler,
  RolloutPath,
} from "@edgezero/rollout";
import { createRolloutHandler } from "@edgezero/rollout";
import { FORCE_LINK_PATH } from "@edgezero/rollout/force";
import { PROBE_HEADER } from "@edgezero/rollout/probe";
import type { PathHeader } from "@edgezero/settings";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { ClientAddress } from "../client/address.ts";
import { socketAddress } from "../client/address.ts";
import { clientUrl, forwardedName } from "../client/name.ts";
import type { OriginAnswer, PathHandler } from "../origin/handler.ts";
import { OriginResponse } from "../origin/response.ts";
import { sendAnswer } from "../origin/send-answer.ts";
import { pendingEvents } from "../process/pending-events.ts";
import type { Readiness } from "../process/readiness.ts";
import { readyAnswer } from "../process/readiness.ts";
import type { Routed } from "./answer.ts";
import { toHandlerAnswer } from "./answer.ts";
import type { RoutedClient } from "./client.ts";
import type { OpenConnections } from "./open-connections.ts";
import type { GatewayResponse } from "./response.ts";

/** Options of {@link createGateway}. */
export interface GatewayOptions extends Readonly<Record<RolloutPath, PathHandler>> {
  readonly configStore: ConfigStore;
  readonly logger: Logger;
  readonly clientAddress: ClientAddress;
  readonly attribution?: Attribution<Request, RoutedClient, Routed> | undefined;
  /** Answers signed probes; `undefined` without a secret. */
  readonly probe?: Probe<Request> | undefined;
  /** Which responses name their path. */
  readonly pathHeader: PathHeader;
  readonly open: OpenConnections;
  /** Where health checks are answered: `/health` unless given, `false` nowhere. */
  readonly healthPath?: `/${string}` | false;
  /** Where the gateway says whether it is ready; nowhere unless given. */
  readonly ready?: { readonly path: string; readonly readiness: Readiness } | null;
  /** Answers the link that lets a tester choose a path; gives `null` for every other request. */
  readonly forceLink?:
    | ((request: Request) => Response | null | Promise<Response | null>)
    | undefined;
}

/** Routes requests between the two paths, as the `fetch` callback of `@hono/node-server`. */
export function createGateway({
  clientAddress,
  legacy,
  edgezero,
  forceLink,
  probe,
  open,
  ready = null,
  ...options
}: GatewayOptions): (request: Request, bindings: HttpBindings) => Promise<Response> {
  const handle = createRolloutHandler({
    ...options,
    legacy: routed("legacy", legacy, open),
    edgezero: routed("edgezero", edgezero, open),
    probe: probe && askedBy(probe),
  });

  return async (request, bindings) => {
    await pendingEvents();
    if (ready !== null && isAskedFor(ready.path, bindings.incoming)) {
      const { status, text } = readyAnswer(ready.readiness);
      return new Response(text, { status });
    }
    const { incoming } = bindings;
    const link = forceLink && (await forceLink(asClientKnows(request, incoming, clientAddress)));
    if (link) return link;
    const outgoing = bindings.outgoing as GatewayResponse;
    const answer = await handle(request, { ip: clientAddress.of(incoming), incoming, outgoing });
    if (!(answer instanceof OriginResponse)) {
      return "response" in answer ? answer.response : answer;
    }
    try {
      sendAnswer(answer, outgoing);
    } catch (fault) {
      // An answer that cannot be written ends its own request, and nothing else.
      options.logger.debug("response cannot be sent", { error: String(fault) });
      outgoing.isBrokenOff = true;
      outgoing.destroy();
    }
    return RESPONSE_ALREADY_SENT;
  };
}

/** A tester's link under the client's own scheme and host, by which its cookie is `Secure` or not. */
function asClientKnows(
  request: Request,
  incoming: IncomingMessage,
  { isTrusted }: ClientAddress,
): Request {
  if (request.method !== "GET" || !incoming.url?.includes(FORCE_LINK_PATH)) return request;
  const name = forwardedName(incoming, isTrusted(socketAddress(incoming) ?? ""));
  return new Request(clientUrl(request.url, name), { headers: request.headers });
}

function isAskedFor(path: string, { method, url = "" }: HttpBindings["incoming"]): boolean {
  return (method === "GET" || method === "HEAD") && url.split("?")[0] === path;
}

/** A probe that looks at Node's own headers first: to make `Headers` of them costs each request. */
function askedBy(probe: Probe<Request>): Probe<Request, RoutedClient> {
  return {
    answer: (request, client, rollout) =>
      client.incoming.headers[PROBE_HEADER] === undefined
        ? null
        : probe.answer(request, client, rollout),
  };
}

function routed(
  path: RolloutPath,
  handler: PathHandler,
  open: OpenConnections,
): RequestHandler<Request, RoutedClient, Routed> {
  return (request, client) => {
    open.addResponse(path, client.outgoing);
    const answer = handler(request, client);
    return answer instanceof Promise
      ? answer.then((response) => toRouted(response, client))
      : toRouted(answer, client);
  };
}

function toRouted(answer: Response | OriginAnswer, { outgoing }: RoutedClient): Routed {
  return answer instanceof OriginResponse ? answer : toHandlerAnswer(answer, outgoing);
}

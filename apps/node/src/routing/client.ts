import type { IncomingMessage } from "node:http";
import type { RolloutClient } from "@edgezero/rollout";
import type { GatewayResponse } from "./response.ts";

/** The client of a request or of an upgrade. */
export interface NodeClient extends RolloutClient {
  readonly incoming: IncomingMessage;
}

/** The client of a request, and the response that it gets. */
export interface RoutedClient extends NodeClient {
  readonly outgoing: GatewayResponse;
}

import type { ResponseLike } from "@edgezero/rollout";
import type { OriginAnswer } from "../origin/handler.ts";
import type { GatewayResponse } from "./response.ts";

/** A handler's `Response` on its way through the core, which does not change it. */
export interface HandlerAnswer extends ResponseLike {
  readonly response: Response;
  readonly body: null;
  readonly headers: {
    get(name: string): string | null;
    set(name: string, value: string): void;
    delete(name: string): void;
  };
}

/** An answer on its way through the core. A bare `Response` is the core's own, to a health check. */
export type Routed = Response | HandlerAnswer | OriginAnswer;

/** Wraps a handler's response: its headers are read, and what the core sets goes to `outgoing`. */
export function toHandlerAnswer(response: Response, outgoing: GatewayResponse): HandlerAnswer {
  return {
    response,
    status: response.status,
    body: null,
    headers: {
      get: (name) => response.headers.get(name),
      set: (name, value) => outgoing.set(name, value),
      delete: (name) => outgoing.set(name, undefined),
    },
  };
}

import type { RolloutPath } from "./rollout-path.ts";
import type { ResponseLike } from "./web.ts";
import { web } from "./web.ts";

/** The response header that names the path that answered: on every response of a handler. */
export const PATH_HEADER = "x-edgezero-path";

/**
 * Sets {@link PATH_HEADER} on a response, over any value from an origin or handler.
 *
 * A response from `fetch` can have immutable headers: it is wrapped, which keeps its status, every
 * header, its streamed body and, in workerd, its WebSocket. A response that cannot be wrapped, such
 * as `Response.error()`, is returned unchanged: serving it matters more than naming its path.
 */
export function withPathHeader<Res extends ResponseLike>(response: Res, path: RolloutPath): Res {
  try {
    response.headers.set(PATH_HEADER, path);
    return response;
  } catch {
    try {
      const wrapped = new web.Response(response.body, response) as Res;
      wrapped.headers.set(PATH_HEADER, path);
      return wrapped;
    } catch {
      return response;
    }
  }
}

import type { RolloutPath } from "./decide.ts";
import type { ResponseLike } from "./web.ts";
import { web } from "./web.ts";

/**
 * Sets `x-edgezero-path` on a response, over whatever an origin or handler has put there.
 *
 * A response from `fetch` may have immutable headers: it is wrapped, which keeps its status, every
 * header, its streamed body and, in workerd, its WebSocket. One that cannot be wrapped, such as
 * `Response.error()`, is passed on as it is: serving it matters more than naming it.
 */
export function withPathHeader<Res extends ResponseLike>(response: Res, path: RolloutPath): Res {
  try {
    response.headers.set("x-edgezero-path", path);
    return response;
  } catch {
    try {
      const wrapped = new web.Response(response.body, response) as Res;
      wrapped.headers.set("x-edgezero-path", path);
      return wrapped;
    } catch {
      return response;
    }
  }
}

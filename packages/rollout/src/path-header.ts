import type { RolloutPath } from "./rollout-path.ts";
import type { ResponseLike } from "./web.ts";
import { web } from "./web.ts";

/** The response header that names the path that answered: on the responses of handlers. */
export const PATH_HEADER = "x-edgezero-path";

/**
 * Sets {@link PATH_HEADER} on a response, over any value from an origin or handler; or takes it off,
 * where the path is not named. The headers of the response that is returned can be set.
 *
 * A response from `fetch` can have immutable headers: it is wrapped, which keeps its status, every
 * header, its streamed body and, in workerd, its WebSocket. A response that cannot be wrapped, such
 * as `Response.error()`, is returned unchanged: serving it matters more than naming its path.
 */
export function withPathHeader<Res extends ResponseLike>(
  response: Res,
  path: RolloutPath,
  isNamed: boolean,
): Res {
  try {
    return mark(response, path, isNamed);
  } catch {
    try {
      return mark(new web.Response(response.body, response) as Res, path, isNamed);
    } catch {
      return response;
    }
  }
}

function mark<Res extends ResponseLike>(response: Res, path: RolloutPath, isNamed: boolean): Res {
  // Set also before it is taken off: only that tells whether the headers are immutable.
  response.headers.set(PATH_HEADER, path);
  if (!isNamed) response.headers.delete(PATH_HEADER);
  return response;
}

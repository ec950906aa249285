import { messageOf } from "@edgezero/faults/faults";
import type { Route } from "../proxy/proxy-for.ts";
import { fetchBy } from "../proxy/send-through.ts";
import { AttemptError, retryAfterMs } from "./request.ts";

/** A vendor's API, as requests need it. */
export interface Api {
  /** The vendor's name, for messages. */
  readonly name: string;
  /** The address that all paths follow, without a slash at its end. */
  readonly base: string;
  readonly route: Route;
  /** Sent with each request: the token's header, and others. */
  readonly headers: Readonly<Record<string, string>>;
  /** The explanation in the body of a refusal; empty where there is none. The body is `null` unless it is JSON. */
  readonly reasonIn: (body: unknown) => string;
  /** The time that headers ask to wait beside `Retry-After`, in milliseconds; `null` where they name none. */
  readonly waitIn?: (headers: Headers) => number | null;
}

/** One request of an API. */
export interface ApiCall {
  readonly method: "GET" | "PUT";
  readonly path: string;
  readonly body?: { readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> };
}

/** An answer of an API, whole. */
export interface ApiAnswer {
  readonly status: number;
  readonly bytes: ArrayBuffer;
}

/** A function that sends one request, and gives the answer, whatever its status. */
export type Send = (
  call: ApiCall,
  signal: AbortSignal,
) => Promise<ApiAnswer & { refusal(): AttemptError }>;

/**
 * Makes the function that sends requests to an API. It follows no redirect: the token goes to the API
 * alone. It rejects with an AttemptError where there is no whole answer.
 */
export function createSend({ name, base, route, headers, reasonIn, waitIn }: Api): Send {
  const fetchOnce = fetchBy(route);
  return async ({ method, path, body }, signal) => {
    try {
      const response = await fetchOnce(base + path, {
        method,
        headers: {
          "user-agent": "edgezero-rollout",
          ...headers,
          ...(body === undefined ? {} : { "content-type": body.type }),
        },
        body: body?.bytes ?? null,
        redirect: "manual",
        signal,
      });
      const bytes = await response.arrayBuffer();
      const { status } = response;
      return {
        status,
        bytes,
        refusal() {
          const waitMs = retryAfterMs(response.headers.get("retry-after"));
          const asked = waitMs ?? waitIn?.(response.headers) ?? null;
          return new AttemptError(status, reasonIn(jsonOf(bytes)), asked);
        },
      };
    } catch (error) {
      throw new AttemptError(null, `no whole answer from ${name} (${messagesOf(error).join(" ")})`);
    }
  };
}

/** The JSON in a body; `null` where it is not JSON. */
export function jsonOf(bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return null;
  }
}

/** The message of an error, and those of its causes: the connection's fault is the second or third. */
function messagesOf(error: unknown): string[] {
  const messages: string[] = [];
  for (let each = error; each instanceof Error && messages.length < 4; each = each.cause) {
    messages.push(each.message);
  }
  return messages.length === 0 ? [messageOf(error)] : messages;
}

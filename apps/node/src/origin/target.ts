import type { IncomingMessage } from "node:http";

/**
 * The path and query of a request, byte for byte as they came: RFC 9112, section 3.2.2. Clients of a
 * proxy send a whole URL; its scheme and host are dropped.
 */
export function requestTarget({ url = "/" }: IncomingMessage): string {
  const target = url.replace(/^https?:\/\/[^/?]*/i, "");
  return target.startsWith("/") ? target : `/${target}`;
}

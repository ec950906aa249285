import type { IncomingMessage } from "node:http";

/**
 * Path and query of a request, byte for byte as they came: RFC 9112, section 3.2.2. Of a whole URL,
 * which clients of a proxy send, the origin does not count.
 */
export function requestTarget({ url = "/" }: IncomingMessage): string {
  const target = url.replace(/^https?:\/\/[^/?]*/, "");
  return target.startsWith("/") ? target : `/${target}`;
}

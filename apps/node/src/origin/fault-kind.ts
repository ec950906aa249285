import type { OriginFault } from "@edgezero/rollout/attribution";

/** The kinds of codes of Node, OpenSSL and undici, and of names of errors without a code. */
const CODES: readonly (readonly [OriginFault, readonly string[]])[] = [
  ["refused", ["ECONNREFUSED"]],
  ["unreachable", ["EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN"]],
  ["dns", ["ENOTFOUND", "ENODATA", "ESERVFAIL"]],
  ["timeout", ["ETIMEDOUT", "ETIMEOUT", "UND_ERR_CONNECT_TIMEOUT"]],
  ["timeout", ["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]],
  ["reset", ["ECONNRESET", "ECONNABORTED", "EPIPE", "UND_ERR_SOCKET"]],
  ["tls", ["EPROTO", "DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN"]],
  ["tls", ["HOSTNAME_MISMATCH", "INVALID_CA", "INVALID_PURPOSE", "PATH_LENGTH_EXCEEDED"]],
  ["malformed", ["HTTPParserError", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH"]],
  ["malformed", ["UND_ERR_HEADERS_OVERFLOW"]],
  ["gateway", ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EADDRNOTAVAIL"]],
];
const KINDS: ReadonlyMap<string, OriginFault> = new Map(
  CODES.flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const)),
);

/** The kinds of families of codes, by how their codes begin. */
const FAMILIES: readonly (readonly [string, OriginFault])[] = [
  ["ERR_TLS_", "tls"],
  ["ERR_SSL_", "tls"],
  ["CERT_", "tls"],
  ["CRL_", "tls"],
  ["UNABLE_TO_", "tls"],
  ["EAI_", "dns"],
  ["HPE_", "malformed"],
];

/** The kind of an origin's fault, by its code. */
export function faultKind(code: string): OriginFault {
  const known = KINDS.get(code);
  if (known !== undefined) return known;
  return FAMILIES.find(([start]) => code.startsWith(start))?.[1] ?? "other";
}

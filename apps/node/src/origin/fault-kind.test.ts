import { expect, test } from "vitest";
import { faultKind } from "./fault-kind.ts";

test.each([
  { code: "ECONNREFUSED", kind: "refused" },
  { code: "EHOSTUNREACH", kind: "unreachable" },
  { code: "ENOTFOUND", kind: "dns" },
  { code: "EAI_AGAIN", kind: "dns" },
  { code: "ETIMEDOUT", kind: "timeout" },
  { code: "UND_ERR_HEADERS_TIMEOUT", kind: "timeout" },
  { code: "ECONNRESET", kind: "reset" },
  { code: "UND_ERR_SOCKET", kind: "reset" },
  { code: "CERT_HAS_EXPIRED", kind: "tls" },
  { code: "ERR_TLS_CERT_ALTNAME_INVALID", kind: "tls" },
  { code: "ERR_SSL_WRONG_VERSION_NUMBER", kind: "tls" },
  { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE", kind: "tls" },
  { code: "HPE_INVALID_CONSTANT", kind: "malformed" },
  { code: "HTTPParserError", kind: "malformed" },
  { code: "EMFILE", kind: "gateway" },
  { code: "E_NEW", kind: "other" },
  { code: "", kind: "other" },
])("the kind of $code is $kind", ({ code, kind }) => {
  expect(faultKind(code)).toBe(kind);
});

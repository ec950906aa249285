import type { ErrorAnswer, ErrorCode } from "@edgezero/control-api/answers";

/** The HTTP status of each code. */
export const STATUS = {
  "bad-request": 400,
  unauthorized: 401,
  forbidden: 403,
  "not-found": 404,
  "too-large": 413,
  unsupported: 415,
  "too-many": 429,
  internal: 500,
  "timed-out": 503,
} as const satisfies Record<ErrorCode, number>;

/** The body of a request that was not served. The sentence must hold no secret. */
export function refusal(code: ErrorCode, sentence: string): ErrorAnswer {
  return { error: { code, sentence } };
}

/** The same as a response. */
export function refuse(
  code: ErrorCode,
  sentence: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json(refusal(code, sentence), { status: STATUS[code], headers });
}

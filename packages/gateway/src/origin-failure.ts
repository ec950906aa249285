/** The answer where an origin refuses the connection, or breaks. */
export function badGateway(): Response {
  return new Response("502 Bad Gateway: the origin could not be reached.\n", { status: 502 });
}

/** The answer where an origin is too slow. */
export function gatewayTimeout(): Response {
  return new Response("504 Gateway Timeout: the origin took too long.\n", { status: 504 });
}

/** The answer where an origin has as many requests as the gateway may send it. */
export function originBusy(): Response {
  return new Response("503 Service Unavailable: the origin is busy. Try again.\n", {
    status: 503,
    headers: { "retry-after": "1" },
  });
}

/** The answer where an origin's address leads back to the gateway. */
export function loopDetected(): Response {
  return new Response("508 Loop Detected: the origin is this gateway itself.\n", { status: 508 });
}

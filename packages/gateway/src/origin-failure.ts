/** The answer where an origin refuses the connection, or breaks. */
export function badGateway(): Response {
  return new Response("502 Bad Gateway: the origin could not be reached.\n", { status: 502 });
}

/** The answer where an origin is too slow. */
export function gatewayTimeout(): Response {
  return new Response("504 Gateway Timeout: the origin took too long.\n", { status: 504 });
}

import { LONGEST_TIMER_MS, wholeNumber, wholeNumberOrOff } from "./rules.ts";
import { defineSetting } from "./setting.ts";

/** How many clients may be connected. */
export const MAX_CONNECTIONS = defineSetting({
  name: "MAX_CONNECTIONS",
  ...wholeNumber(1, 1_000_000),
  default: "10000",
  meaning:
    "How many client connections are served at a time; fewer where the process may not open so many files. A few more are accepted: they get health checks answered, and a 503 for everything else. Idle connections are closed first.",
});

/** How long a client may make no progress. */
export const CLIENT_TIMEOUT_MS = defineSetting({
  name: "CLIENT_TIMEOUT_MS",
  ...wholeNumber(1, LONGEST_TIMER_MS),
  default: "60000",
  meaning:
    "How long a client may be silent in the middle of a body, or take nothing of a response, in milliseconds; then its connection is closed. A new connection has as long for its first byte, and a request for its headers.",
});

/** How long a whole request may take to arrive. */
export const REQUEST_TIMEOUT_MS = defineSetting({
  name: "REQUEST_TIMEOUT_MS",
  ...wholeNumberOrOff(1, LONGEST_TIMER_MS),
  default: "off",
  meaning:
    "How long a whole request may take to arrive, in milliseconds. A limit ends every upload that takes longer, however steadily its bytes come.",
});

/** How long an idle client connection is kept. */
export const KEEP_ALIVE_TIMEOUT_MS = defineSetting({
  name: "KEEP_ALIVE_TIMEOUT_MS",
  ...wholeNumber(1, LONGEST_TIMER_MS),
  default: "620000",
  meaning:
    "How long an idle client connection is kept, in milliseconds. It must be longer than the balancer in front keeps one, or requests are lost now and then: Google 600 s, Caddy 120 s, Envoy 3600 s unless set, cloudflared and Traefik 90 s, AWS 60 s.",
});

/** How many connections an origin may have. */
export const ORIGIN_MAX_CONNECTIONS = defineSetting({
  name: "ORIGIN_MAX_CONNECTIONS",
  ...wholeNumber(1, 100_000),
  default: "256",
  meaning:
    "How many connections the gateway opens to each origin; upgrades are not counted. Further requests wait in a queue, four times as long. One client's address may have seven eighths of the connections and half of the queue, so count the clients of a proxy that `TRUST_PROXY` does not name as one.",
});

/** How long a request may wait for a connection. */
export const ORIGIN_QUEUE_TIMEOUT_MS = defineSetting({
  name: "ORIGIN_QUEUE_TIMEOUT_MS",
  ...wholeNumber(1, LONGEST_TIMER_MS),
  default: "5000",
  meaning:
    "How long a request may wait for a connection to its origin, in milliseconds; then the client gets a 503 with `Retry-After`.",
});

/** How long a connection to an origin is used. */
export const ORIGIN_CONNECTION_MAX_AGE_MS = defineSetting({
  name: "ORIGIN_CONNECTION_MAX_AGE_MS",
  ...wholeNumber(1, LONGEST_TIMER_MS),
  default: "60000",
  meaning:
    "How long a connection to an origin takes requests, in milliseconds. For so long a change of the origin's address in DNS may not be obeyed.",
});

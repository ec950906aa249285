/** Why a request is refused before it is routed. Each is the client's own fault. */
export type Malformed =
  | "syntax"
  | "headers-too-large"
  | "timeout"
  | "host"
  | "transfer-coding"
  | "upgrade";

/** What clients were refused, or cut off for. */
export interface ClientCounts {
  /** Connections that are open. */
  connections: number;
  /** Requests that got a 503 because too many clients were connected. */
  refused: number;
  /** Connections that were cut because they sent too many requests without waiting. */
  floods: number;
  /** Requests that were malformed, by what is wrong. */
  readonly malformed: Record<Malformed, number>;
}

/** Counts that are all 0. */
export function createClientCounts(): ClientCounts {
  const malformed = {
    syntax: 0,
    "headers-too-large": 0,
    timeout: 0,
    host: 0,
    "transfer-coding": 0,
    upgrade: 0,
  };
  return { connections: 0, refused: 0, floods: 0, malformed };
}

import type { Duplex } from "node:stream";
import type { RolloutPath } from "@edgezero/rollout";
import type { GatewayResponse } from "./response.ts";

/** How many responses and upgrades are open at each path. */
export type OpenCounts = Readonly<Record<RolloutPath, number>>;

/** Says once that it has closed. */
interface Closable {
  readonly closed: boolean;
  on(event: "close", listener: () => void): unknown;
}

/**
 * Counts the responses that are not yet sent to the last byte, and the upgrades whose client is still
 * connected. Each is counted from the moment that its path is asked.
 */
export class OpenConnections {
  readonly counts: Record<RolloutPath, number> = { legacy: 0, edgezero: 0 };
  /** One listener for each path, so that a request needs none of its own. */
  readonly #onClose: Readonly<Record<RolloutPath, () => void>> = {
    legacy: () => void this.counts.legacy--,
    edgezero: () => void this.counts.edgezero--,
  };

  addResponse(path: RolloutPath, outgoing: GatewayResponse): void {
    // Where a client sends requests without waiting, a later response has no socket yet. It is not
    // being sent, and where the client goes away before that, it never closes.
    if (outgoing.socket === null) outgoing.once("socket", () => this.#add(path, outgoing));
    else this.#add(path, outgoing);
  }

  addUpgrade(path: RolloutPath, client: Duplex): void {
    this.#add(path, client);
  }

  #add(path: RolloutPath, stream: Closable): void {
    // A stream that is closed does not say so again.
    if (stream.closed) return;
    this.counts[path]++;
    stream.on("close", this.#onClose[path]);
  }
}

import type { Attributed, Attribution, RolloutClient } from "@edgezero/rollout";
import type { EndingWatch } from "@edgezero/rollout/attribution";

/**
 * Knows the client of the event that is being sent. Events name nobody, so that no sink can pass an
 * address on; counts of clients need it, within the gateway. It holds a client only while sinks take
 * its event, which they do before the call returns.
 */
export class WhoseEvent {
  #client: RolloutClient | null = null;

  /** The client's address; `null` where there is no event, or no address. */
  get ip(): string | null {
    return this.#client?.ip ?? null;
  }

  /** Wraps a watch, for attributions that send their event once a response has ended. */
  inWatch<Client extends RolloutClient>(watch: EndingWatch<Client>): EndingWatch<Client> {
    return (client, ended) => watch(client, (ending) => this.#during(client, () => ended(ending)));
  }

  /** Wraps an attribution that sends its event when it is finished. */
  inFinish<Req, Client extends RolloutClient, Res>(
    attribution: Attribution<Req, Client, Res> | undefined,
  ): Attribution<Req, Client, Res> | undefined {
    if (attribution === undefined) return undefined;
    const wrapped = (client: Client, { decision, finish }: Attributed<Res>): Attributed<Res> => ({
      decision,
      finish: (response) => this.#during(client, () => finish?.(response)),
    });
    return (request, client, state) => {
      const attributed = attribution(request, client, state);
      return attributed instanceof Promise
        ? attributed.then((later) => wrapped(client, later))
        : wrapped(client, attributed);
    };
  }

  #during(client: RolloutClient, send: () => void): void {
    this.#client = client;
    try {
      send();
    } finally {
      this.#client = null;
    }
  }
}

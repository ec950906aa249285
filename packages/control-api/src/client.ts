import type { z } from "zod";
import type { EnvironmentList, ErrorAnswer } from "./answers.ts";
import { environmentList, errorAnswer } from "./answers.ts";
import type { CommandAnswer, CommandRequest } from "./command.ts";
import { commandAnswer } from "./command.ts";
import type { EnvironmentView } from "./environment-view.ts";
import { environmentView } from "./environment-view.ts";
import type { History } from "./history.ts";
import { history } from "./history.ts";
import type { Notifications } from "./notifications.ts";
import { notifications } from "./notifications.ts";
import type { ViewEvent } from "./view-events.ts";
import { readViewEvents } from "./view-events.ts";

/** The ways a controller can fail to answer. */
export type ClientFaultKind = "unreachable" | "refused" | "not-understood";

/** A controller that did not answer, refused, or is not a controller. */
export class ClientError extends Error {
  override readonly name = "ClientError";
  readonly kind: ClientFaultKind;
  /** The HTTP status; `null` where there was no answer. */
  readonly status: number | null;

  constructor(kind: ClientFaultKind, message: string, status: number | null, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.status = status;
  }
}

export interface ClientOptions {
  /** The controller's URL, to which `/api/v1` is added. */
  readonly url: string;
  readonly token?: string | undefined;
  /** How long an answer may take, in milliseconds. Default 10,000. It does not limit `events`. */
  readonly timeoutMs?: number | undefined;
  readonly fetch?: typeof fetch | undefined;
}

/** A part of the past. */
export interface HistoryQuery {
  /** Such as `2026-11-26T12:00:00Z`, or milliseconds of the epoch. Default: 30 days ago. */
  readonly from?: string | undefined;
  /** Default: now. */
  readonly to?: string | undefined;
  /** At most so many readings, 10 to 10,000. Default 600. */
  readonly points?: number | undefined;
}

/** A controller. Each method rejects with a {@link ClientError}. */
export interface ControllerClient {
  environments(): Promise<EnvironmentList>;
  environment(name: string): Promise<EnvironmentView>;
  /**
   * The configured and the observed share over time, with the signals' values. Without a query it is the
   * last day exactly, and a thinned part of the 29 days before.
   */
  history(name: string, query?: HistoryQuery): Promise<History>;
  /** The windows of evidence as NDJSON, for `replay`. Reading it rejects where the answer breaks off. */
  recording(name: string, query?: Omit<HistoryQuery, "points">): Promise<AsyncIterable<Uint8Array>>;
  /** Whom the controller tells of incidents, and what became of it. */
  notifications(name: string): Promise<Notifications>;
  /** A command that is refused is an answer as well: its `accepted` is false. */
  command(name: string, request: CommandRequest): Promise<CommandAnswer>;
  /** The views as they come, until the signal aborts or the controller ends. `after`: the last known id. */
  events(
    name: string,
    options: { readonly signal: AbortSignal; readonly after?: string | undefined },
  ): AsyncGenerator<ViewEvent>;
}

/** Creates a client. It sends nothing before a method is called. */
export function createClient(options: ClientOptions): ControllerClient {
  const { token, timeoutMs = 10_000 } = options;
  const send = options.fetch ?? fetch;
  const base = `${options.url.replace(/\/+$/, "")}/api/v1/environments`;
  const at = (name: string): string => `${base}/${encodeURIComponent(name)}`;
  const authorization: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };

  async function request(url: string, init: RequestInit): Promise<Response> {
    const headers = { ...authorization, ...(init.headers as Record<string, string>) };
    try {
      // A redirect could take the token to another host.
      return await send(url, { ...init, headers, redirect: "error" });
    } catch (error) {
      throw new ClientError("unreachable", `${base} does not answer`, null, error);
    }
  }

  async function call<T>(
    url: string,
    schema: z.ZodType<T>,
    init: RequestInit = {},
    expected: readonly number[] = [200],
  ): Promise<T> {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await request(url, { ...init, signal });
    const body: unknown = await response.json().catch((error: unknown) => {
      // Half an answer says nothing of who gave it.
      if (signal.aborted) throw new ClientError("unreachable", `${base} stalls`, null, error);
      return null;
    });
    if (!expected.includes(response.status)) throw refusalOf(response.status, body, base);
    const read = schema.safeParse(body);
    if (read.success) return read.data;
    throw new ClientError(
      "not-understood",
      `${base} is no controller that we understand`,
      response.status,
    );
  }

  return {
    environments: () => call(base, environmentList),
    environment: (name) => call(at(name), environmentView),
    history: (name, query = {}) => call(`${at(name)}/history${queryText(query)}`, history),
    async recording(name, query = {}) {
      const headers = { accept: "application/x-ndjson" };
      const response = await request(`${at(name)}/recording${queryText(query)}`, { headers });
      if (response.status === 200 && response.body !== null) return whole(response.body, base);
      const body: unknown = await response.json().catch(() => null);
      throw refusalOf(response.status, body, base);
    },
    notifications: (name) => call(`${at(name)}/notifications`, notifications),
    command: (name, body) =>
      call(
        `${at(name)}/commands`,
        commandAnswer,
        {
          method: "POST",
          body: JSON.stringify(body),
          headers: { "content-type": "application/json" },
        },
        [200, 409],
      ),
    async *events(name, { signal, after }) {
      const last: Record<string, string> = after === undefined ? {} : { "last-event-id": after };
      const response = await request(`${at(name)}/events`, {
        signal,
        headers: { accept: "text/event-stream", ...last },
      });
      if (response.status !== 200 || response.body === null) {
        const body: unknown = await response.json().catch(() => null);
        throw refusalOf(response.status, body, base);
      }
      yield* readViewEvents(response.body);
    },
  };
}

function queryText(query: HistoryQuery): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? "" : `?${text}`;
}

/** The bytes of a body, and the fault of one that breaks off. */
async function* whole(body: AsyncIterable<Uint8Array>, base: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw new ClientError("unreachable", `${base} broke off`, null, error);
  }
}

function refusalOf(status: number, body: unknown, base: string): ClientError {
  const read = errorAnswer.safeParse(body);
  const message = read.success ? sentenceOf(read.data) : `${base} answered with status ${status}`;
  return new ClientError(read.success ? "refused" : "not-understood", message, status);
}

function sentenceOf({ error }: ErrorAnswer): string {
  return error.sentence;
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/**
 * A stand-in for Fastly's API, which keeps no state: its account lists nothing, and the service that the
 * CLI makes there has one version, which is active when it is asked for.
 */
export interface FakeApi {
  readonly url: string;
  /** Each request as a line: method, path and a form's fields, decoded. */
  readonly requests: string[];
  close(): void;
}

type Answer = readonly [request: RegExp, body: unknown];

const VERSION = {
  number: 1,
  active: true,
  locked: true,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
} as const;

/** By our reading of the published API, as far as the CLI's deploys ask for it. */
const ANSWERS: readonly Answer[] = [
  [/^POST \/service /, { id: "SERVICE", name: "edgezero-rollout", type: "wasm" }],
  [
    /^GET \/service\/SERVICE\/details/,
    { id: "SERVICE", name: "edgezero-rollout", type: "wasm", versions: [VERSION] },
  ],
  [/^GET \/service\/SERVICE\/version /, [VERSION]],
  [/^GET \/service\/SERVICE\/version\/1\/domain/, []],
  [/^GET \/service\/SERVICE\/version\/2\/domain/, [{ name: "www.example.com", version: 2 }]],
  [/^PUT \/service\/SERVICE\/version\/1\/clone/, { number: 2, active: false, locked: false }],
  [/^POST \/resources\/stores\/config /, { id: "CONFIG", name: "trusted_server_config" }],
  [/^GET \/resources\/stores\/config/, []],
  [/^POST \/resources\/stores\/secret/, { id: "SECRET", name: "edgezero_secrets" }],
  [/^GET \/resources\/stores\/secret/, { data: [], meta: { limit: 10 } }],
  [/^PUT \/service\/SERVICE\/version\/\d\/activate/, { number: 2, active: true }],
];

/** Starts the stand-in on a free port. */
export async function startFakeApi(): Promise<FakeApi> {
  const requests: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const line = await lineOf(request);
    requests.push(line);
    const [, body = {}] = ANSWERS.find(([pattern]) => pattern.test(`${line} `)) ?? [];
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, close: () => server.close() };
}

async function lineOf(request: IncomingMessage): Promise<string> {
  const body = await text(request);
  const isForm = request.headers["content-type"]?.includes("x-www-form-urlencoded") === true;
  const [path = ""] = (request.url ?? "").split("?");
  return `${request.method} ${path}${isForm ? ` ${body}` : ""}`;
}

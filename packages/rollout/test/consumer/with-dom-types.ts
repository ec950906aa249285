// A user of the package whose handlers speak the platform's own Request and Response.
import { createRolloutHandler } from "@edgezero/rollout";
import { createAttribution } from "@edgezero/rollout/attribution";
import { createForce } from "@edgezero/rollout/force";
import { createProbe } from "@edgezero/rollout/probe";

interface Client {
  readonly ip: string | null;
  readonly country: string;
}

const force = createForce<Request>({ secret: "x".repeat(32) });

const send = createRolloutHandler({
  configStore: { get: async () => null },
  legacy: (request: Request, client: Client) =>
    fetch(request, { headers: { "x-country": client.country } }),
  edgezero: (request: Request) => new Response(request.body),
  healthPath: "/-/ready",
  attribution: createAttribution({ service: "site", runtime: "node", override: force.override }),
  probe: createProbe({ secrets: ["x".repeat(32)], place: (request: Request) => request.url }),
  pathHeader: "signed",
});

export const response: Promise<Response> = send(new Request("https://site.example/"), {
  ip: null,
  country: "XX",
});
// @ts-expect-error -- the client is what the handlers were written for
void send(new Request("https://site.example/"), { ip: null });

// An app with bindings: Hono's `app.fetch` looks so.
interface ExecutionContextLike {
  waitUntil(promise: Promise<unknown>): void;
  passThroughOnException(): void;
}
interface Bindings {
  readonly GREETING: string;
}
declare const app: {
  readonly fetch: (
    request: Request,
    env?: Bindings | object,
    executionCtx?: ExecutionContextLike,
  ) => Response | Promise<Response>;
};
interface BoundClient {
  readonly ip: string | null;
  readonly env: Bindings;
  readonly ctx: ExecutionContextLike;
}

const configStore = { get: () => null };
const edgezero = (_request: Request): Response => new Response();
export const bound: (request: Request, client: BoundClient) => Promise<Response> =
  createRolloutHandler({
    configStore,
    legacy: (request: Request, { env, ctx }: BoundClient) => app.fetch(request, env, ctx),
    edgezero,
  });
// @ts-expect-error -- the client would arrive as the app's env
createRolloutHandler({ configStore, legacy: app.fetch, edgezero });
// @ts-expect-error -- nor is it passed as the new path
createRolloutHandler({ configStore, legacy: edgezero, edgezero: app.fetch });
declare const three: (request: Request, client: Client, ctx: ExecutionContextLike) => Response;
// @ts-expect-error -- a handler that needs a third argument would not get it
createRolloutHandler({ configStore, legacy: three, edgezero });
// @ts-expect-error -- a misspelt name is refused
createRolloutHandler({ configStore, legacey: edgezero, edgezero });

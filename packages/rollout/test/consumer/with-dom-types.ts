// A user of the package whose handlers speak the platform's own Request and Response.
import { createRolloutHandler } from "@edgezero/rollout";
import { createAttribution } from "@edgezero/rollout/attribution";
import { createForce } from "@edgezero/rollout/force";

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
});

export const response: Promise<Response> = send(new Request("https://site.example/"), {
  ip: null,
  country: "XX",
});
// @ts-expect-error -- the client is what the handlers were written for
void send(new Request("https://site.example/"), { ip: null });

// A user of the package whose handlers speak the platform's own Request and Response.
import { createRolloutHandler } from "@edgezero/rollout";

interface Client {
  readonly ip: string | null;
  readonly country: string;
}

const send = createRolloutHandler({
  configStore: { get: async () => null },
  legacy: (request: Request, client: Client) =>
    fetch(request, { headers: { "x-country": client.country } }),
  edgezero: (request: Request) => new Response(request.body),
  healthPath: "/-/ready",
});

export const response: Promise<Response> = send(new Request("https://site.example/"), {
  ip: null,
  country: "XX",
});
// @ts-expect-error -- the client is what the handlers were written for
void send(new Request("https://site.example/"), { ip: null });

import { createClient } from "@edgezero/control-api/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { VIEW } from "./fake-environments.ts";
import type { Served } from "./serve.ts";
import { serve, TOKEN } from "./serve.ts";

let served: Served;
beforeEach(async () => {
  served = await serve({ limitMs: 200 });
});
afterEach(async () => served.close());

const START = { command: "start", who: "ana", reason: "", id: "a-1" } as const;

test("reads views and sends commands", async () => {
  const client = createClient({ url: `${served.url}/`, token: TOKEN });
  expect(await client.environments()).toEqual({ environments: [VIEW] });
  expect(await client.environment("production")).toEqual(VIEW);
  expect(await client.command("production", START)).toMatchObject({ accepted: true });
});

test("a command that is refused is an answer", async () => {
  served.environments.answer = { accepted: false, sentence: "No." };
  const client = createClient({ url: served.url, token: TOKEN });
  expect(await client.command("production", START)).toMatchObject({ accepted: false });
});

test("says what the controller says where it refuses", async () => {
  const client = createClient({ url: served.url });
  await expect(client.environment("production")).rejects.toMatchObject({
    kind: "refused",
    status: 401,
    message: "The token is missing or wrong.",
  });
});

test("a name cannot leave its place in the path", async () => {
  const client = createClient({ url: served.url, token: TOKEN });
  await expect(client.environment("../../../healthz")).rejects.toMatchObject({ status: 404 });
});

test("says that nobody answers", async () => {
  const { url } = served;
  await served.close();
  const client = createClient({ url, token: TOKEN });
  await expect(client.environments()).rejects.toMatchObject({ kind: "unreachable", status: null });
});

test.each([
  { name: "another server", answer: () => new Response("<html>") },
  { name: "JSON of another kind", answer: () => Response.json({ environments: [{}] }) },
])("does not believe $name", async ({ answer }) => {
  const fake = async (): Promise<Response> => answer();
  const client = createClient({ url: "http://controller.test", token: TOKEN, fetch: fake });
  const fault = await client.environments().catch((error: unknown) => error);
  expect(fault).toMatchObject({ kind: "not-understood" });
  expect(String(fault)).not.toContain(TOKEN);
});

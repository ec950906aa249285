import { createClient } from "@edgezero/control-api/client";
import type { ViewEvent } from "@edgezero/control-api/view-events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { VIEW } from "./fake-environments.ts";
import type { Served } from "./serve.ts";
import { serve, TOKEN } from "./serve.ts";

let served: Served;
let leave: AbortController;
beforeEach(async () => {
  served = await serve({ quietMs: 20 });
  leave = new AbortController();
});
afterEach(async () => {
  leave.abort();
  await served.close();
});

function events(after?: string): AsyncGenerator<ViewEvent> {
  const client = createClient({ url: served.url, token: TOKEN });
  return client.events("production", { signal: leave.signal, after });
}

async function next(stream: AsyncGenerator<ViewEvent>): Promise<ViewEvent | null> {
  const { value, done } = await stream.next();
  return done === true ? null : value;
}

test("the present view comes first, then each new one, with ids that rise", async () => {
  const stream = events();
  expect(await next(stream)).toEqual({ id: "1", view: VIEW });
  served.environments.show({ pct: 50 });
  expect(await next(stream)).toEqual({ id: "2", view: { ...VIEW, pct: 50 } });
});

test("goes on after the id of the last one", async () => {
  for (const pct of [20, 30, 40]) served.environments.show({ pct });
  const stream = events("2");
  expect([await next(stream), await next(stream)]).toMatchObject([
    { id: "3", view: { pct: 30 } },
    { id: "4", view: { pct: 40 } },
  ]);
  expect(served.environments.afters).toEqual([2]);
});

test("an id that can be none is as if there were none", async () => {
  expect(await next(events("x"))).toMatchObject({ id: "1" });
  expect(served.environments.afters).toEqual([null]);
});

test("a reader that leaves is forgotten", async () => {
  const stream = events();
  await next(stream);
  expect(served.environments.listeners).toBe(1);
  leave.abort();
  await expect(next(stream)).rejects.toMatchObject({ name: "AbortError" });
  await expect.poll(() => served.environments.listeners).toBe(0);
});

test("a question for the headers alone opens no stream that nobody reads", async () => {
  const url = `${served.url}/api/v1/environments/production/events`;
  const headers = { authorization: `Bearer ${TOKEN}` };
  expect((await fetch(url, { method: "HEAD", headers })).status).toBe(200);
  expect(served.environments.listeners).toBe(0);
});

test("a controller that stops ends the stream", async () => {
  const stream = events();
  await next(stream);
  served.ending.abort();
  expect(await next(stream)).toBeNull();
  expect(served.environments.listeners).toBe(0);
});

test("a quiet stream is kept open by comments", async () => {
  const response = await fetch(`${served.url}/api/v1/environments/production/events`, {
    headers: { authorization: `Bearer ${TOKEN}` },
    signal: leave.signal,
  });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  expect(response.headers.get("x-accel-buffering")).toBe("no");
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes(": quiet\n\n")) break;
  }
  expect(text).toContain("event: view\n");
});

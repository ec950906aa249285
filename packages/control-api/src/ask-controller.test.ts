import { expect, test } from "vitest";
import { askController, lookAt } from "./ask-controller.ts";
import { createClient } from "./client.ts";
import type { CommandRequest } from "./command.ts";

const REQUEST: CommandRequest = { command: "start", who: "ana", reason: "", id: "a-1" };
const ANSWER = {
  id: "a-1",
  command: "start",
  accepted: true,
  sentence: "The rollout starts.",
  at: 1,
  repeated: false,
};
const ASKED = { url: "http://a", environment: "production", tokenEnv: "TOKEN", token: null };

type Given = Response | { readonly fault: Error };

/** A client whose requests are answered in turn; the last answer repeats. */
function clientOf(...answers: Given[]): {
  readonly client: ReturnType<typeof createClient>;
  readonly sent: string[];
} {
  const sent: string[] = [];
  const client = createClient({
    url: "http://a",
    fetch: async (_, init) => {
      if (typeof init?.body === "string") sent.push(init.body);
      const next = answers.length > 1 ? answers.shift() : answers[0];
      if (next === undefined) throw new Error("no answer is left");
      if ("fault" in next) throw new TypeError("fetch failed", { cause: next.fault });
      return next.clone();
    },
  });
  return { client, sent };
}

function refusal(status: number, sentence: string): Response {
  return Response.json({ error: { code: "internal", sentence } }, { status });
}

const faultOf = (code: string): Error => Object.assign(new Error(`a fault ${code}`), { code });
const REFUSED = { fault: faultOf("ECONNREFUSED") };
const RESET = { fault: faultOf("ECONNRESET") };
const html = (status: number): Response => new Response("<html>", { status });

test.each([
  { name: "nobody listens", answer: REFUSED, kind: "not-done", code: "unreachable" },
  { name: "the connection breaks", answer: RESET, kind: "unknown", code: "silent" },
  {
    name: "the time was up at the controller",
    answer: refusal(503, "No answer in time. It may still be carried out."),
    kind: "unknown",
    code: "failed",
  },
  { name: "too many tries", answer: refusal(429, "Too many."), kind: "not-done", code: "refused" },
  { name: "no token", answer: refusal(401, "The token."), kind: "not-done", code: "refused" },
  {
    name: "another environment",
    answer: refusal(404, "There is no such environment."),
    kind: "not-done",
    code: "no-environment",
  },
  { name: "a page", answer: html(200), kind: "unknown", code: "not-understood" },
  { name: "a page of a fault", answer: html(404), kind: "not-done", code: "not-understood" },
  { name: "a proxy's fault", answer: html(502), kind: "unknown", code: "not-understood" },
])("a command with $name is $kind", async ({ answer, kind, code }) => {
  const { client, sent } = clientOf(answer);
  const asked = await askController(client, ASKED, REQUEST);
  expect(asked).toMatchObject({ kind, finding: { code, mayBeDone: kind === "unknown" } });
  // It is sent again only where it may have been carried out, with its id.
  expect(sent).toEqual(Array(kind === "unknown" ? 2 : 1).fill(JSON.stringify(REQUEST)));
});

test("a command whose first answer is lost is answered by the second", async () => {
  const { client } = clientOf(RESET, Response.json({ ...ANSWER, repeated: true }));
  const asked = await askController(client, ASKED, REQUEST);
  expect(asked).toEqual({ kind: "answered", answer: { ...ANSWER, repeated: true } });
});

test("a command that broke off and then met nobody may have been carried out", async () => {
  const { client } = clientOf(RESET, REFUSED);
  expect(await askController(client, ASKED, REQUEST)).toMatchObject({
    kind: "unknown",
    finding: { code: "silent" },
  });
});

test("a look that fails says why, and which variable has no token", async () => {
  const { client } = clientOf(refusal(401, "The token is missing or wrong."));
  const look = await lookAt(client, ASKED);
  expect(look).toMatchObject({
    kind: "unseen",
    finding: { message: "the controller at http://a asks for its token, and TOKEN is not set" },
  });
});

test("an answer that stalls in the middle is no answer", async () => {
  const body = new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array([123])) });
  const client = createClient({
    url: "http://a",
    timeoutMs: 20,
    fetch: async (_, init) => {
      const signal = init?.signal ?? new AbortController().signal;
      return new Response(body.pipeThrough(new TransformStream(), { signal }));
    },
  });
  const look = await lookAt(client, ASKED);
  expect(look).toMatchObject({ kind: "unseen", finding: { code: "silent" } });
});

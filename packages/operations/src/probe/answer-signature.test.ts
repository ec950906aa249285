import { createProbe, mintProbeToken, parseProbe, PROBE_HEADER } from "@edgezero/rollout/probe";
import { expect, test } from "vitest";
import { genuineAnswer } from "./answer-signature.ts";

const SECRET = "s".repeat(32);
const OTHER = "t".repeat(32);

async function answerTo(token: string, secret = SECRET): Promise<string> {
  const request = new Request("http://site.test/", { headers: { [PROBE_HEADER]: token } });
  const state = { enabled: false, rolloutPct: 0, reason: "disabled", epoch: "ab" } as const;
  const rollout = { read: () => state, decide: () => null as never };
  const probe = createProbe<Request>({ secrets: [OTHER, secret] });
  const response = (await probe.answer(request, null, rollout)) as Response;
  return response.headers.get(PROBE_HEADER) ?? "";
}

test("a gateway's answer counts for the token that was sent, and for no other", async () => {
  const token = await mintProbeToken({ secret: SECRET, bucket: 7 });
  const header = await answerTo(token);
  const answer = genuineAnswer(header, token, SECRET);
  expect(parseProbe(answer)).toEqual(parseProbe(header));
  expect(parseProbe(answer)).toMatchObject({ path: "legacy", bucket: 7, epoch: "ab" });
  const later = await mintProbeToken({ secret: SECRET, bucket: 7 });
  expect(genuineAnswer(header, later, SECRET)).toBeNull();
  expect(genuineAnswer(header, token, OTHER)).toBeNull();
});

test.each([
  { what: "other words", forge: (header: string) => header.replace("epoch=ab", "epoch=ac") },
  { what: "more words", forge: (header: string) => `path=edgezero; ${header}` },
  { what: "words after it", forge: (header: string) => `${header}; path=edgezero` },
  { what: "no signature", forge: (header: string) => header.replace(/; signature=.*/, "") },
  { what: "a cut signature", forge: (header: string) => header.slice(0, -1) },
  { what: "itself twice", forge: (header: string) => `${header}, ${header}` },
  { what: "nothing", forge: () => "" },
])("an answer with $what does not count", async ({ forge }) => {
  const token = await mintProbeToken({ secret: SECRET, bucket: 7 });
  expect(genuineAnswer(forge(await answerTo(token)), token, SECRET)).toBeNull();
});

test("the secret of a token signs the answer, also where it is the previous one", async () => {
  const token = await mintProbeToken({ secret: OTHER, bucket: 7 });
  expect(genuineAnswer(await answerTo(token), token, OTHER)).not.toBeNull();
});

test("a token's signature is no answer's, though the secret is one", async () => {
  const token = await mintProbeToken({ secret: SECRET, bucket: 7 });
  const [expires, nonce, bucket, signature] = token.split(".");
  const header = `${expires}\n${nonce}\n${bucket}; signature=${signature}`;
  expect(genuineAnswer(header, token, SECRET)).toBeNull();
});

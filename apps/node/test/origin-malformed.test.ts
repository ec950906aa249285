import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "@edgezero/testbed/http-client";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import type { RawUpstream } from "@edgezero/testbed/upstream";
import { startRawUpstream } from "@edgezero/testbed/upstream";

let raw: RawUpstream;
let gateway: ProxiedGateway;

beforeAll(async () => {
  raw = await startRawUpstream();
  gateway = await startProxiedGateway(raw.url, raw.url);
});

afterAll(async () => {
  await gateway.stopCleanly();
  await raw.close();
});

function answerWith(answer: string): void {
  raw.handler = (socket) => void socket.once("data", () => socket.end(answer));
}

test.each([
  {
    name: "Content-Length twice",
    answer: "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok",
    code: "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
  },
  {
    name: "Content-Length with chunked",
    answer: "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    code: "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
  },
  {
    name: "a control character in a value",
    answer: "X-A: a\u0001b\r\nContent-Length: 2\r\n\r\nok",
    code: "HTTPParserError",
  },
])("$name: 502, and the log has its code and reason", async ({ answer, code }) => {
  answerWith(`HTTP/1.1 200 OK\r\n${answer}`);
  expect((await send(gateway.url)).status).toBe(502);
  const last = (): unknown => gateway.logged().findLast(({ msg }) => msg === "the origin failed");
  const error = expect.stringMatching(/content-length|Invalid header value/);
  await expect
    .poll(last)
    .toMatchObject({ level: 40, kind: "malformed", path: "edgezero", code, error });
});

test("a chunk size with a space after it: the body, or a failure that shows", async () => {
  answerWith("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2 \r\nok\r\n0\r\n\r\n");
  const seen = await send(gateway.url).then(
    ({ status, text }) => (status === 200 ? text : status),
    () => "broken off",
  );
  expect(["ok", "broken off", 502]).toContain(seen);
});

import { beforeAll, describe, expect, test } from "vitest";
import { send } from "../http-client.ts";
import type { OnStage } from "../stage.ts";
import { allTo } from "../stage.ts";

/**
 * An answer that is not valid HTTP may pass where its meaning is clear, or fail so that it shows. It is
 * never a response that looks whole and is not what the origin has sent.
 */
export function describeMalformedAnswers(onStage: OnStage): void {
  describe("malformed answers", () => {
    beforeAll(async () => onStage().gateway.write(allTo("edgezero")));

    test.each<{ name: string; answer: string; isCut?: boolean }>([
      {
        name: "a chunk size with a space after it",
        answer: "Transfer-Encoding: chunked\r\n\r\n2 \r\nok\r\n0\r\n\r\n",
      },
      { name: "Content-Length twice", answer: "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok" },
      {
        name: "Content-Length beside chunks",
        answer: "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
      },
      {
        name: "a control character in a value",
        answer: "X-A: a\u0001b\r\nContent-Length: 2\r\n\r\nok",
      },
      { name: "a header on two lines", answer: "X-A: a\r\n b\r\nContent-Length: 2\r\n\r\nok" },
      { name: "two lengths", answer: "Content-Length: 4\r\nContent-Length: 2\r\n\r\nok" },
      {
        name: "a chunk that is cut off",
        answer: "Transfer-Encoding: chunked\r\n\r\n4\r\nok",
        isCut: true,
      },
      { name: "a body that is cut off", answer: "Content-Length: 4\r\n\r\nok", isCut: true },
      {
        name: "a chunk size that is no number",
        answer: "Transfer-Encoding: chunked\r\n\r\nz\r\nok\r\n0\r\n\r\n",
      },
    ])("$name: the body, or a failure that shows", async ({ answer, isCut = false }) => {
      const { gateway, origins } = onStage();
      origins.edgezero.handler = ({ socket }) => {
        socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n${answer}`);
      };
      const seen = await send(gateway).then(
        ({ status, text }) => (status === 200 ? text : status),
        () => "broken off",
      );
      expect([...(isCut ? [] : ["ok"]), "broken off", 502]).toContain(seen);
    });
  });
}

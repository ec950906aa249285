import { beforeAll, describe, expect, test } from "vitest";
import { sendLines } from "../http-client.ts";
import type { Runtime } from "../runtime.ts";
import type { OnStage } from "../stage.ts";
import { allTo } from "../stage.ts";

/** A request that must reach no origin. */
interface Row {
  readonly lines: readonly string[];
  readonly body?: string;
  readonly status: 400 | 501;
}

const HOST = "Host: a.example";
const CLOSE = "Connection: close";
const CHUNKED = "Transfer-Encoding: chunked";
const UPGRADE = ["Connection: upgrade", "Upgrade: websocket"];
const GET = "GET / HTTP/1.1";
const POST = "POST / HTTP/1.1";
const NO_CHUNK = "0\r\n\r\n";

const ROWS = {
  "two Host headers": { lines: [GET, HOST, "Host: b.example", CLOSE], status: 400 },
  "the same Host twice": { lines: [GET, HOST, "hOST: a.example", CLOSE], status: 400 },
  "no Host": { lines: [GET, CLOSE], status: 400 },
  "an upgrade without Host": { lines: [GET, ...UPGRADE], status: 400 },
  "an upgrade with two Host headers": {
    lines: [GET, HOST, "Host: b.example", ...UPGRADE],
    status: 400,
  },
  "another transfer coding": {
    lines: [POST, HOST, "Transfer-Encoding: gzip, chunked", CLOSE],
    body: NO_CHUNK,
    status: 501,
  },
  "an unknown transfer coding": {
    lines: [POST, HOST, "Transfer-Encoding: xchunked", CLOSE],
    body: NO_CHUNK,
    status: 501,
  },
  "chunks in HTTP/1.0": { lines: ["POST / HTTP/1.0", HOST, CHUNKED], body: NO_CHUNK, status: 400 },
  "two lengths": {
    lines: [POST, HOST, "Content-Length: 4", "Content-Length: 5", CLOSE],
    body: "body!",
    status: 400,
  },
  "a length that is no number": {
    lines: [POST, HOST, "Content-Length: +4", CLOSE],
    body: "body",
    status: 400,
  },
  "a length beside chunks": {
    lines: [POST, HOST, "Content-Length: 4", CHUNKED, CLOSE],
    body: NO_CHUNK,
    status: 400,
  },
  "a header on two lines": { lines: [GET, HOST, "X-Real-IP:", " 6.6.6.6", CLOSE], status: 400 },
  "a blank before the colon": {
    lines: [GET, HOST, "X-Forwarded-For : 6.6.6.6", CLOSE],
    status: 400,
  },
  "a carriage return in a value": {
    lines: [GET, HOST, "X-A: a\rX-Real-IP: 6.6.6.6", CLOSE],
    status: 400,
  },
  "a zero byte in a value": { lines: [GET, HOST, "X-A: a\0b", CLOSE], status: 400 },
} as const satisfies Record<string, Row>;

/** The name of a row. */
export type MalformedRequest = keyof typeof ROWS;

/**
 * A request on whose site or end a gateway and an origin could disagree reaches no origin. The answer is
 * the gateway's, or its platform's where that comes first.
 */
export function describeMalformedRequests({ takesMalformed }: Runtime, onStage: OnStage): void {
  describe("malformed requests", () => {
    beforeAll(async () => onStage().gateway.write(allTo("edgezero")));

    const rows = Object.entries<Row>(ROWS).map(([name, { lines, body, status }]) => {
      const expected = takesMalformed[name as MalformedRequest] ?? status;
      return { name, lines, body, expected };
    });
    test.each(rows)("$name: $expected", async ({ lines, body, expected }) => {
      const { gateway, origins } = onStage();
      let asked = 0;
      origins.edgezero.handler = (_, response) => {
        asked++;
        response.end("ok");
      };
      const answer = await sendLines(gateway, lines, body);
      const isServed = expected === "served";
      const [, status] = /^HTTP\/1\.[01] (\d+) /.exec(answer) ?? [];
      const seen = answer === "" ? "closed" : Number(status);
      expect(seen).toBe(isServed ? 200 : expected);
      expect(asked).toBe(isServed ? 1 : 0);
    });
  });
}

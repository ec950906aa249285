import { text } from "node:stream/consumers";
import { gunzipSync, gzipSync } from "node:zlib";
import { valuesOf } from "@edgezero/testbed/http-client";
import { beforeAll, describe, expect, test } from "vitest";
import type { OnStage } from "../stage.ts";
import { send } from "../http-client.ts";
import type { Runtime } from "../runtime.ts";
import { allTo } from "../stage.ts";

/** Requests and responses pass through a path as they are. */
export function describeProxying({ keepsEncodedBodies }: Runtime, onStage: OnStage): void {
  describe("proxying", () => {
    describe.each(["legacy", "edgezero"] as const)("on %s", (path) => {
      beforeAll(async () => onStage().gateway.write(allTo(path)));

      test("many Set-Cookie stay many, in order", async () => {
        const { gateway, origins } = onStage();
        const cookies = Array.from({ length: 20 }, (_, i) => `c${i}=a, b; Path=/${i}; HttpOnly`);
        origins[path].handler = (_, response) => {
          response.writeHead(200, { "set-cookie": cookies }).end("ok");
        };
        expect(valuesOf((await send(gateway)).rawHeaders, "set-cookie")).toEqual(cookies);
      });

      test.each([301, 302, 303, 307, 308])("a redirect is passed on: %i", async (status) => {
        const { gateway, origins } = onStage();
        let hits = 0;
        const location = "https://www.example.com/a?b=c#d";
        origins[path].handler = (_, response) => {
          hits++;
          response.writeHead(status, { location }).end("moved");
        };
        const answer = await send(gateway);
        expect([answer.status, answer.headers.location]).toEqual([status, location]);
        expect([answer.text, answer.path, hits]).toEqual(["moved", path, 1]);
      });

      test.each([204, 304])("a response without a body: %i", async (status) => {
        const { gateway, origins } = onStage();
        origins[path].handler = (_, response) =>
          void response.writeHead(status, { etag: '"1"' }).end();
        const answer = await send(gateway, { headers: { "if-none-match": '"1"' } });
        expect([answer.status, answer.headers.etag]).toEqual([status, '"1"']);
        expect([answer.text, answer.path]).toEqual(["", path]);
      });

      test("HEAD has the length that GET would have, and no body", async () => {
        const { gateway, origins } = onStage();
        origins[path].handler = (request, response) => {
          response.writeHead(200, { "content-length": "12345", "x-method": request.method }).end();
        };
        const answer = await send(gateway, { method: "HEAD" });
        expect([answer.status, answer.headers["content-length"]]).toEqual([200, "12345"]);
        expect([answer.headers["x-method"], answer.text, answer.path]).toEqual(["HEAD", "", path]);
      });

      test.each([400, 404, 418, 429, 500, 503])("an error of the origin: %i", async (status) => {
        const { gateway, origins } = onStage();
        origins[path].handler = (_, response) => void response.writeHead(status).end("why");
        const answer = await send(gateway);
        expect([answer.status, answer.text, answer.path]).toEqual([status, "why", path]);
      });

      test.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])("%s with a body", async (method) => {
        const { gateway, origins } = onStage();
        origins[path].handler = async (request, response) => {
          response.end(`${request.method} ${await text(request)}`);
        };
        const headers = { "content-length": "4" };
        const answer = await send(gateway, { method, headers, body: "body" });
        expect(answer.text).toBe(`${method} body`);
      });

      test.each([
        "/a%20b?c=%2F&d=%zz",
        "//evil.example/x",
        "/a//b/",
        "/?",
        "/x?url=http://a.example/?b",
        "/%F0%9F%99%82",
      ])("the request's path stays as it is: %s", async (target) => {
        const { gateway, origins } = onStage();
        origins[path].handler = (request, response) => void response.end(request.url);
        const answer = await send(gateway, { path: target });
        expect([answer.text, answer.path]).toEqual([target, path]);
      });

      test("headers that are for one connection only stay on it", async () => {
        const { gateway, origins } = onStage();
        origins[path].handler = (request, response) => {
          response.setHeader("x-kept", "yes");
          response.end(JSON.stringify([request.headers["x-one"], request.headers["x-kept"]]));
        };
        const headers = {
          connection: "close, x-one",
          "x-one": "1",
          "x-kept": "yes",
          te: "trailers",
        };
        const answer = await send(gateway, { headers });
        expect([answer.text, answer.headers["x-kept"]]).toEqual(['[null,"yes"]', "yes"]);
      });

      test("an encoded body can be read by a client that asked for it", async () => {
        const { gateway, origins } = onStage();
        const encoded = gzipSync("encoded ".repeat(1000));
        origins[path].handler = (_, response) => {
          response.setHeader("content-encoding", "gzip");
          response.setHeader("content-length", encoded.length);
          response.end(encoded);
        };
        const answer = await send(gateway, { headers: { "accept-encoding": "gzip" } });
        expect(answer.headers["content-encoding"]).toBe("gzip");
        expect(gunzipSync(answer.body).toString()).toBe("encoded ".repeat(1000));
        expect(answer.body.equals(encoded) || !keepsEncodedBodies).toBe(true);
      });
    });
  });
}

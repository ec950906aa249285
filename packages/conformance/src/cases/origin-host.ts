import type { ServerResponse } from "node:http";
import { valuesOf } from "@edgezero/testbed/http-client";
import { describe, expect, test } from "vitest";
import { HANDSHAKE, REFUSAL } from "../handshake.ts";
import { send } from "../http-client.ts";
import type { Runtime } from "../runtime.ts";
import type { OnStage } from "../stage.ts";
import { allTo } from "../stage.ts";

const PATHS = ["legacy", "edgezero"] as const;
const CLIENT_HOST = "site.example:8080";
const headers = { host: CLIENT_HOST };

/** By default an origin gets its own name as `Host`, and its name leads no client out of the gateway. */
export function describeOriginHost(onStage: OnStage): void {
  describe("the origin's host", () => {
    describe.each(PATHS)("on %s", (path) => {
      /** The response of an origin that builds URLs from its `Host`, as many applications do. */
      async function answerBy(
        respond: (host: string, response: ServerResponse) => ServerResponse,
      ): ReturnType<typeof send> {
        const { gateway, origins } = onStage();
        await gateway.write(allTo(path));
        origins[path].handler = (request, response) => {
          respond(request.headers.host ?? "", response).end();
        };
        return send(gateway, { headers });
      }

      test("is what it gets as Host, and the client's is in X-Forwarded-Host", async () => {
        const { gateway, origins } = onStage();
        await gateway.write(allTo(path));
        origins[path].handler = ({ headers: got }, response) => {
          response.end(JSON.stringify([got.host, got["x-forwarded-host"]]));
        };
        const { text } = await send(gateway, { headers });
        expect(JSON.parse(text)).toEqual([new URL(origins[path].url).host, CLIENT_HOST]);
      });

      test.each(["location", "content-location"])("in %s, it is the client's", async (name) => {
        const answer = await answerBy((host, response) =>
          response.writeHead(302, { [name]: `http://${host}/docs/?a=%2F#b` }),
        );
        expect(answer.status).toBe(302);
        expect(answer.headers[name]).toBe(`http://${CLIENT_HOST}/docs/?a=%2F#b`);
      });

      test.each([
        ["refresh", (url: string) => `5; url="${url}"`],
        ["link", (url: string) => `<${url}>; rel="next", </b>; rel=prev`],
      ])("in %s, it is the client's", async (name, valueOf) => {
        const { headers: got } = await answerBy((host, response) =>
          response.setHeader(name, valueOf(`http://${host}/a`)),
        );
        expect(got[name]).toBe(valueOf(`http://${CLIENT_HOST}/a`));
      });

      test("in a cookie's Domain, it is the client's, and other cookies stay", async () => {
        const { rawHeaders } = await answerBy((host, response) =>
          response.setHeader("set-cookie", [
            "first=1; Path=/",
            `session=2; Domain=${host.split(":")[0]}; HttpOnly`,
            "third=3; Domain=ads.example",
          ]),
        );
        expect(valuesOf(rawHeaders, "set-cookie")).toEqual([
          "first=1; Path=/",
          "session=2; Domain=site.example; HttpOnly",
          "third=3; Domain=ads.example",
        ]);
      });

      test("in Alt-Svc, it leads no client away", async () => {
        const answer = await answerBy((host, response) =>
          response.setHeader("alt-svc", `h3="${host}"; ma=86400`),
        );
        expect([answer.status, answer.headers["alt-svc"]]).toEqual([200, undefined]);
      });

      test.each(["/docs/", "https://www.example.com/a?b=c#d", "http://not-127.0.0.1/x", "?page=2"])(
        "a redirect that does not name it stays: %s",
        async (location) => {
          const answer = await answerBy((_, response) => response.writeHead(302, { location }));
          expect(answer.headers.location).toBe(location);
        },
      );

      test("is what it gets for a WebSocket too", async () => {
        const { gateway, origins } = onStage();
        await gateway.write(allTo(path));
        const asked = new Promise<unknown>((resolve) => {
          origins[path].upgradeHandler = (request, socket) => {
            resolve(request.headers.host);
            socket.end(REFUSAL);
          };
        });
        await send(gateway, { headers: { ...HANDSHAKE, ...headers } });
        expect(await asked).toBe(new URL(origins[path].url).host);
      });
    });
  });
}

/** With `ORIGIN_HOST=client` an origin gets the client's name, and its answers stay as they are. */
export function describeClientHost({ sendsClientHost }: Runtime, onStage: OnStage): void {
  const canSend = sendsClientHost === true;
  const why = canSend ? "" : `, not tested: ${sendsClientHost}`;
  describe.skipIf(!canSend)(`the client's host${why}`, () => {
    test.each(PATHS)("is what the origin of %s gets", async (path) => {
      const { gateway, origins } = onStage();
      await gateway.write(allTo(path));
      const location = `${origins[path].url}/docs/`;
      origins[path].handler = ({ headers: got }, response) => {
        response.writeHead(200, { location });
        response.end(JSON.stringify([got.host, got["x-forwarded-host"]]));
      };
      const answer = await send(gateway, { headers });
      expect(JSON.parse(answer.text)).toEqual([CLIENT_HOST, CLIENT_HOST]);
      expect(answer.headers.location).toBe(location);
    });
  });
}

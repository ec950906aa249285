import { describeWithProgram } from "@edgezero/testbed/describe-with-program";
import { send } from "@edgezero/testbed/http-client";
import { nginxMissing } from "@edgezero/testbed/nginx/nginx";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Stage } from "./stage.ts";
import { enabledAt, setStage, total } from "./stage.ts";

let stage: Stage;

const failures = async (): Promise<number> =>
  total(stage, "edgezero_requests_total", { path: "edgezero", outcome: "error" });
const requests = async (): Promise<number> => total(stage, "edgezero_requests_total");
const open = async (): Promise<number> => total(stage, "edgezero_open_connections");

describeWithProgram(nginxMissing ?? null, "an error page of the site", () => {
  beforeAll(async () => {
    stage = await setStage({
      server: `
    proxy_intercept_errors on;
    error_page 502 /sorry;
    error_page 404 /lost;
    error_page 500 = @spare;
    location = /sorry { return 200 "sorry"; }
    location = /lost { return 200 "lost"; }
    location @spare { return 200 "spare"; }`,
    });
    await stage.obeyed(enabledAt(100));
  });
  afterAll(async () => stage.close());

  test.each([
    { name: "an origin that breaks off", status: null, answer: [502, "sorry"], failed: 1 },
    {
      name: "an origin's fault behind a spare location",
      status: 500,
      answer: [200, "spare"],
      failed: 1,
    },
    { name: "a page that is not there", status: 404, answer: [404, "lost"], failed: 0 },
  ])("hides no request: $name", async ({ status, answer, failed }) => {
    stage.edgezero.handler = (request, response) => {
      if (status === null) request.socket.destroy();
      else response.writeHead(status).end("the origin's");
    };
    const before = { failures: await failures(), requests: await requests() };
    for (let i = 0; i < 5; i++) {
      const { status: code, text } = await send(stage.gateway.url);
      expect([code, text]).toEqual(answer);
    }
    await expect.poll(requests).toBe(before.requests + 5);
    expect(await failures()).toBe(before.failures + 5 * failed);
    await expect.poll(open).toBe(0);
  });
});

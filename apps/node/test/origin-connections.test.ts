import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { Agent } from "node:http";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { open, responseTo, send } from "@edgezero/testbed/http-client";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import type { RawUpstream, Upstream } from "@edgezero/testbed/upstream";
import { startRawUpstream, startUpstream } from "@edgezero/testbed/upstream";

let origin: Upstream;
let gateway: ProxiedGateway;

async function start(env: Readonly<Record<string, string>>): Promise<void> {
  gateway = await startProxiedGateway(origin.url, origin.url, env);
}

beforeEach(async () => {
  origin = await startUpstream();
});

afterEach(async () => {
  await gateway.stopCleanly();
  await origin.close();
});

/** The value of a metric of the path EdgeZero. */
async function metric(name: string): Promise<number> {
  const started = gateway.logged().find(({ msg }) => msg === "gateway started");
  const { text } = await send(String(started?.["metrics"]));
  return Number(new RegExp(`^${name}\\{path="edgezero"\\} (\\d+)$`, "m").exec(text)?.[1]);
}

describe("more requests than connections", () => {
  let responses: ServerResponse[];

  beforeEach(() => {
    responses = [];
    origin.handler = (_, response) => void responses.push(response);
  });

  test("a burst waits for the connections that there are", async () => {
    await start({ ORIGIN_MAX_CONNECTIONS: "25" });
    origin.handler = (_, response) => void setImmediate(() => response.end("ok"));
    const agent = new Agent({ keepAlive: true });
    const answers = Array.from({ length: 70 }, async () => send(gateway.url, { agent }));
    for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
    agent.destroy();
    expect(origin.connections).toBeLessThanOrEqual(25);
  });

  test("beyond the queue, and after the time in it: 503, and it is counted", async () => {
    await start({ ORIGIN_MAX_CONNECTIONS: "1", ORIGIN_QUEUE_TIMEOUT_MS: "3000" });
    const first = send(gateway.url);
    await expect.poll(() => responses).toHaveLength(1);
    // A client may fill half of the four places in the queue.
    const waiting = [send(gateway.url), send(gateway.url)];
    await expect.poll(async () => metric("edgezero_origin_waiting")).toBe(2);
    const { status, headers, text, path } = await send(gateway.url);
    expect([status, path]).toEqual([503, "edgezero"]);
    expect(headers["retry-after"]).toBe("1");
    expect(text).toBe("503 Service Unavailable: the origin is busy. Try again.\n");
    for (const late of await Promise.all(waiting)) expect(late.status).toBe(503);
    expect(await metric("edgezero_origin_refused_total")).toBe(3);
    expect(await metric("edgezero_origin_waiting")).toBe(0);
    responses[0]?.end("first");
    expect((await first).text).toBe("first");
    expect(responses).toHaveLength(1);
  });

  test("a client that goes away leaves the queue, and its request is never sent", async () => {
    await start({ ORIGIN_MAX_CONNECTIONS: "1" });
    const first = send(gateway.url);
    await expect.poll(() => responses).toHaveLength(1);
    const impatient = open(`${gateway.url}/gone`)
      .on("error", () => {})
      .end();
    await expect.poll(async () => metric("edgezero_origin_waiting")).toBe(1);
    impatient.destroy();
    await expect.poll(async () => metric("edgezero_origin_waiting")).toBe(0);
    responses[0]?.end("first");
    await first;
    expect(responses).toHaveLength(1);
    expect(await metric("edgezero_origin_refused_total")).toBe(0);
  });

  test("a client that holds all that it may does not keep another one waiting", async () => {
    await start({ ORIGIN_MAX_CONNECTIONS: "8" });
    const greedy = Array.from({ length: 10 }, () =>
      open(gateway.url, { clientIp: "127.0.0.2" })
        .on("error", () => {})
        .end(),
    );
    await expect.poll(async () => metric("edgezero_origin_waiting")).toBe(3);
    origin.handler = (_, response) => void response.end("other");
    expect((await send(gateway.url, { clientIp: "127.0.0.3" })).text).toBe("other");
    expect(responses).toHaveLength(7);
    for (const request of greedy) request.destroy();
  });
});

describe("the age of a connection", () => {
  test("an origin's name that moves is followed, under steady traffic", async () => {
    // Looks a name up in a file that the test writes, as a resolver would after a change.
    const folder = mkdtempSync(join(tmpdir(), "edgezero-names-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const place = join(folder, "address");
    writeFileSync(place, "127.0.0.1");
    const resolver = `import dns from "node:dns"; import { readFileSync } from "node:fs";
      dns.lookup = (name, options, done) =>
        setImmediate(done, null, options.all ? [{ address: at(), family: 4 }] : at(), 4);
      const at = () => readFileSync(${JSON.stringify(place)}, "utf8");`;
    const port = new URL(origin.url).port;
    const elsewhere = await startUpstream((_, response) => void response.end("new"), {
      address: "127.0.0.2",
      port: Number(port),
    });
    onTestFinished(async () => elsewhere.close());
    origin.handler = (_, response) => void response.end("old");
    const url = `http://moving.example:${port}`;
    gateway = await startProxiedGateway(url, url, {
      ORIGIN_CONNECTION_MAX_AGE_MS: "200",
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(resolver)}`,
    });
    expect((await send(gateway.url)).text).toBe("old");
    writeFileSync(`${place}.new`, "127.0.0.2");
    renameSync(`${place}.new`, place);
    await expect
      .poll(async () => (await send(gateway.url)).text, { timeout: 10_000, interval: 20 })
      .toBe("new");
  });

  test("an old connection gets no request, and a young one is kept", async () => {
    const maxAgeMs = 300;
    await start({ ORIGIN_CONNECTION_MAX_AGE_MS: String(maxAgeMs) });
    const since = new Map<Socket, number>();
    let sentAt = 0;
    let oldest = 0;
    origin.handler = ({ socket }, response) => {
      since.set(socket, since.get(socket) ?? performance.now());
      // At least so old was the connection when the gateway chose it, however late this is seen.
      oldest = Math.max(oldest, sentAt - (since.get(socket) ?? 0));
      response.end();
    };
    const giveUpAt = performance.now() + 20_000;
    let count = 0;
    while (since.size < 4 && performance.now() < giveUpAt) {
      sentAt = performance.now();
      expect((await send(gateway.url)).status).toBe(200);
      count++;
    }
    expect(since.size).toBe(4);
    expect(oldest).toBeLessThan(maxAgeMs);
    expect(since.size).toBeLessThan(count);
  });
});

describe("a kept connection that the origin closes as a request comes", () => {
  let raw: RawUpstream;
  /** The requests of each connection, by method. */
  let seen: string[][];

  beforeEach(async () => {
    raw = await startRawUpstream();
    seen = [];
    raw.handler = (socket) => {
      const requests: string[] = [];
      seen.push(requests);
      socket.on("data", (data: Buffer) => {
        requests.push(data.toString().split(" ")[0] ?? "");
        if (requests.length === 1) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        else socket.resetAndDestroy();
      });
    };
    gateway = await startProxiedGateway(raw.url, raw.url);
    onTestFinished(async () => raw.close());
  });

  test.each(["GET", "HEAD", "DELETE"])(
    "%s is sent once more, on a new connection",
    async (method) => {
      expect((await send(gateway.url)).status).toBe(200);
      expect((await send(gateway.url, { method })).status).toBe(200);
      expect(seen).toEqual([["GET", method], [method]]);
    },
  );

  test.each([
    { name: "POST", options: { method: "POST" } },
    { name: "a PUT with a body", options: { method: "PUT", body: "body" } },
  ])("$name is not: 502", async ({ options }) => {
    expect((await send(gateway.url)).status).toBe(200);
    expect((await send(gateway.url, options)).status).toBe(502);
    expect(seen).toHaveLength(1);
  });

  test("nor is one on a connection that was new, or that got a byte", async () => {
    raw.handler = (socket) => {
      seen.push([]);
      socket.on("data", () => socket.end("HTTP/1.1 2"));
    };
    expect((await send(gateway.url)).status).toBe(502);
    expect(seen).toHaveLength(1);
    const response = send(gateway.url);
    expect((await response).status).toBe(502);
    expect(seen).toHaveLength(2);
    await expect(responseTo(open(gateway.url).end())).resolves.toMatchObject({ statusCode: 502 });
  });
});

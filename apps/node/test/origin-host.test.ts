import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { Server } from "node:https";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeWithProgram } from "@edgezero/testbed/describe-with-program";
import { send } from "@edgezero/testbed/http-client";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startUpstream } from "@edgezero/testbed/upstream";

test("a redirect for a client of HTTP/1.0 that names no host is relative", async () => {
  const origin = await startUpstream();
  origin.handler = ({ headers }, response) => {
    response.writeHead(302, { location: `http://${headers.host}/docs/` }).end();
  };
  const gateway = await startProxiedGateway(origin.url, origin.url);
  const socket = connect(gateway.port, "127.0.0.1");
  socket.write("GET /docs HTTP/1.0\r\n\r\n");
  expect((await buffer(socket)).toString()).toContain("\r\nlocation: /docs/\r\n");
  await gateway.stopCleanly();
  await origin.close();
});

describe("behind a trusted proxy", () => {
  let gateway: ProxiedGateway;
  const origin = startUpstream();
  beforeAll(async () => {
    const { url } = await origin;
    gateway = await startProxiedGateway(url, url, { TRUST_PROXY: "127.0.0.9" });
  });
  afterAll(async () => {
    await gateway.stopCleanly();
    await (await origin).close();
  });

  test.each([
    { peer: "127.0.0.9", expected: "https://site.example/docs/" },
    { peer: "127.0.0.1", expected: "http://inner.example/docs/" },
  ])("the client is where $peer says, if that is it", async ({ peer, expected }) => {
    (await origin).handler = ({ headers }, response) => {
      response.writeHead(302, { location: `http://${headers.host}/docs/` }).end();
    };
    const headers = {
      host: "inner.example",
      "x-forwarded-host": "site.example, inner.example",
      "x-forwarded-proto": "https, http",
    };
    const answer = await send(gateway.url, { clientIp: peer, headers });
    expect(answer.headers.location).toBe(expected);
  });
});

function findOpenssl(): string | null {
  try {
    execFileSync("openssl", ["version"]);
    return null;
  } catch {
    return "openssl is not installed";
  }
}

describeWithProgram(findOpenssl(), "an origin behind TLS", () => {
  let folder: string;
  let origin: Server;
  let url: string;
  let connections = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "edgezero-tls-"));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const made = ["-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "1"];
    execFileSync("openssl", ["req", "-x509", ...made, ...subject], { stdio: "ignore" });
    origin = createServer({ key: readFileSync(key), cert: readFileSync(cert) });
    origin.on("request", ({ headers, socket }, response) => {
      response.end(JSON.stringify([headers.host, (socket as TLSSocket).servername]));
    });
    origin.on("secureConnection", () => void connections++);
    origin.listen(0, "localhost");
    await once(origin, "listening");
    url = `https://localhost:${(origin.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    origin.close();
    origin.closeAllConnections();
    rmSync(folder, { recursive: true });
  });

  test.each(["client", "origin"])(
    "is known by its own name, with ORIGIN_HOST=%s",
    async (whose) => {
      const gateway = await startProxiedGateway(url, url, {
        ORIGIN_HOST: whose,
        NODE_EXTRA_CA_CERTS: join(folder, "cert.pem"),
      });
      connections = 0;
      for (const host of ["one.example", "two.example:81", "one.example"]) {
        const { text } = await send(gateway.url, { headers: { host } });
        const seen = whose === "client" ? host : new URL(url).host;
        expect(JSON.parse(text)).toEqual([seen, "localhost"]);
      }
      expect(connections).toBe(1);
      await gateway.stopCleanly();
    },
  );
});

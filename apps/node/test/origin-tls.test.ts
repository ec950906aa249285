import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { Server } from "node:https";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { certify } from "@edgezero/testbed/certificate";
import { open, send } from "@edgezero/testbed/http-client";
import { runApp } from "@edgezero/testbed/node/gateway-process";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";

const NAME = "internal.example";

let folder: string;
let origin: Server;
let url: string;

const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-tls-"));
  certify(folder, NAME);
  certify(folder, "gateway");
  const options = {
    key: readFileSync(file(`${NAME}.key`)),
    cert: readFileSync(file(`${NAME}.crt`)),
    ca: readFileSync(file("gateway.crt")),
    requestCert: true,
    rejectUnauthorized: false,
  };
  origin = createServer(options, ({ socket }, response) => {
    const { servername, authorized } = socket as TLSSocket & { readonly servername?: string };
    response.end(`${servername ?? ""} ${authorized}`);
  });
  origin.on("upgrade", (_, socket: Socket) => {
    socket.end("HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
  });
  await once(origin.listen(0, "127.0.0.1"), "listening");
  url = `https://127.0.0.1:${(origin.address() as AddressInfo).port}`;
});

afterAll(() => {
  origin.close();
  origin.closeAllConnections();
  rmSync(folder, { recursive: true });
});

test("an origin of another name, of a private authority, that asks for a certificate", async () => {
  const gateway = await startProxiedGateway(url, url, {
    EDGEZERO_ORIGIN_TLS_SERVERNAME: NAME,
    EDGEZERO_ORIGIN_CA: file(`${NAME}.crt`),
    EDGEZERO_ORIGIN_CERT: file("gateway.crt"),
    EDGEZERO_ORIGIN_KEY: file("gateway.key"),
  });
  expect(await send(gateway.url)).toMatchObject({ status: 200, text: `${NAME} true` });
  const headers = { connection: "upgrade", upgrade: "x" };
  const [response] = await once(open(gateway.url, { headers }).end(), "upgrade");
  expect(response).toMatchObject({ statusCode: 101 });
  gateway.routeTo("legacy");
  expect((await send(gateway.url)).status).toBe(502);
  await expect
    .poll(() => gateway.logged().find(({ msg }) => msg === "the origin failed"))
    .toMatchObject({ level: 40, path: "legacy", code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  await gateway.stopCleanly();
});

test.each([
  {
    name: "a file that is not there",
    env: { LEGACY_ORIGIN_CA: "/nowhere/ca.pem" },
    says: "LEGACY_ORIGIN_CA cannot be read: ENOENT",
  },
  {
    name: "a certificate without its key",
    env: { EDGEZERO_ORIGIN_CERT: "/nowhere/cert.pem" },
    says: "EDGEZERO_ORIGIN_CERT and EDGEZERO_ORIGIN_KEY must be set both, or neither",
  },
])("$name keeps the gateway from starting", async ({ env, says }) => {
  const { exit, stderr } = runApp({ PORT: "0", METRICS_PORT: "off", ...env });
  expect(await exit).toEqual({ code: 1, signal: null });
  expect(stderr[1]).toContain(says);
});

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ForwardProxy } from "@edgezero/testbed/forward-proxy";
import { startForwardProxy } from "@edgezero/testbed/forward-proxy";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { proxyFindings } from "../doctor/proxy-findings.ts";
import { probe } from "./probe.ts";

const URL_OF_GATEWAY = "http://gateway.example:8080/";
const CLIENT = { ip: "192.0.2.1", bucket: 7 };

function messages(store: string, urls: string[], env: Record<string, string>): string[] {
  return proxyFindings(store, urls, env).map(({ level, message }) => `${level} ${message}`);
}

let proxy: ForwardProxy;
let gateway: Server;

beforeEach(async () => {
  proxy = await startForwardProxy();
  gateway = createServer((request, response) => {
    response.setHeader("x-edgezero-path", "edgezero").end(request.headers["x-forwarded-for"]);
  });
  await once(gateway.listen(0, "127.0.0.1"), "listening");
  proxy.hosts.set("gateway.example:8080", (gateway.address() as AddressInfo).port);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  gateway.close();
  await proxy.close();
});

describe("a probe with HTTP_PROXY", () => {
  beforeEach(() => vi.stubEnv("HTTP_PROXY", proxy.url));

  test("asks the gateway through the proxy", async () => {
    const sample = await probe(URL_OF_GATEWAY, CLIENT);
    expect(sample).toMatchObject({ status: 200, path: "edgezero", fault: null });
    expect(proxy.asked).toEqual([
      expect.stringMatching(/^GET http:\/\/gateway\.example:8080\/\?edgezero-probe=/),
    ]);
  });

  test("asks a gateway on this machine directly", async () => {
    const { port } = gateway.address() as AddressInfo;
    const sample = await probe(`http://127.0.0.1:${port}/`, CLIENT);
    expect(sample).toMatchObject({ path: "edgezero" });
    expect(proxy.asked).toEqual([]);
  });

  test("says that an answer may be the proxy's own", async () => {
    proxy.refusal = 407;
    const { path, fault } = await probe(URL_OF_GATEWAY, CLIENT);
    expect(path).toBeNull();
    expect(fault).toContain(`(status 407 through the proxy ${proxy.url} of HTTP_PROXY)`);
  });

  test("says that the proxy is out of reach", async () => {
    vi.stubEnv("HTTP_PROXY", "http://127.0.0.1:1");
    const { fault } = await probe(URL_OF_GATEWAY, CLIENT);
    expect(fault).toMatch(/ECONNREFUSED.* through the proxy http:\/\/127.0.0.1:1 of HTTP_PROXY/);
  });

  test("says that the variable is wrong", async () => {
    vi.stubEnv("HTTP_PROXY", "socks5://ann:s3cret@127.0.0.1:1080");
    const { fault } = await probe(URL_OF_GATEWAY, CLIENT);
    expect(fault).toContain("HTTP_PROXY must be the URL of an HTTP proxy");
    expect(fault).not.toContain("s3cret");
  });
});

test("a probe over https goes through a tunnel, and says that the proxy refuses it", async () => {
  vi.stubEnv("HTTPS_PROXY", proxy.url);
  const { fault } = await probe("https://other.example/", CLIENT);
  expect(proxy.asked).toEqual(["CONNECT other.example:443"]);
  expect(fault).toContain("502");
  expect(fault).toContain(`through the proxy ${proxy.url} of HTTPS_PROXY`);
});

describe("doctor", () => {
  const env = { HTTPS_PROXY: "http://ann:s3cret@proxy.example:3128", NO_PROXY: "own.example" };

  test("says how the store's API and the gateways are asked", () => {
    const urls = ["https://a.example/x", "https://a.example/y", "https://own.example"];
    expect(messages("fastly://2abcDEF3ghiJKL4mnoPQR5", urls, env)).toEqual([
      "ok https://api.fastly.com is asked through the proxy http://proxy.example:3128 of HTTPS_PROXY",
      "ok https://a.example is asked through the proxy http://proxy.example:3128 of HTTPS_PROXY",
      "ok https://own.example is asked directly: NO_PROXY names it",
    ]);
    const local = ["https://127.0.0.1:8443"];
    expect(messages("redis://redis.example:6379?key=x", local, env)).toEqual([
      "ok https://127.0.0.1:8443 is asked directly: it is this machine",
    ]);
  });

  test("says nothing where no proxy is named", () => {
    expect(messages("fastly://2abcDEF3ghiJKL4mnoPQR5", [URL_OF_GATEWAY], {})).toEqual([]);
    expect(messages("", [URL_OF_GATEWAY], env)).toEqual([]);
  });

  test("finds a variable that names no HTTP proxy", () => {
    expect(messages("", ["https://a.example"], { https_proxy: "ftp://p.example" })).toEqual([
      expect.stringMatching(/^bad https_proxy must be the URL of an HTTP proxy.*scheme ftp$/),
    ]);
  });

  test("says nothing of an API whose own variable is wrong", () => {
    const wrong = { ...env, EDGEZERO_FASTLY_API_URL: "http://elsewhere.example" };
    expect(messages("fastly://2abcDEF3ghiJKL4mnoPQR5", [], wrong)).toEqual([]);
  });
});

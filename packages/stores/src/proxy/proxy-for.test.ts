import { describe, expect, test } from "vitest";
import { StoreSetupError } from "../operator-store.ts";
import { proxyFor, throughText } from "./proxy-for.ts";

const PROXY = "http://proxy.example:3128";
const API = "https://api.example.com/v1";

describe("the proxy for a URL", () => {
  test.each([
    { name: "HTTPS_PROXY", url: API, env: { HTTPS_PROXY: PROXY }, variable: "HTTPS_PROXY" },
    { name: "https_proxy", url: API, env: { https_proxy: PROXY }, variable: "https_proxy" },
    {
      name: "small letters, where both are set",
      url: API,
      env: { HTTPS_PROXY: "http://other.example", https_proxy: PROXY },
      variable: "https_proxy",
    },
    {
      name: "large letters, where the small ones are empty",
      url: API,
      env: { HTTPS_PROXY: PROXY, https_proxy: "" },
      variable: "HTTPS_PROXY",
    },
    {
      name: "HTTP_PROXY for http",
      url: "http://gateway.example/",
      env: { HTTP_PROXY: PROXY, HTTPS_PROXY: "http://other.example" },
      variable: "HTTP_PROXY",
    },
    {
      name: "a name and a port alone",
      url: API,
      env: { HTTPS_PROXY: "proxy.example:3128" },
      variable: "HTTPS_PROXY",
    },
  ])("is that of $name", ({ url, env, variable }) => {
    expect(proxyFor(url, env)).toEqual({
      via: "proxy",
      proxy: `${PROXY}/`,
      shown: PROXY,
      variable,
    });
  });

  test.each([
    { name: "no variable", url: API, env: {}, because: "unset" },
    { name: "an empty variable", url: API, env: { HTTPS_PROXY: " " }, because: "unset" },
    { name: "HTTP_PROXY alone, for https", url: API, env: { HTTP_PROXY: PROXY }, because: "unset" },
    { name: "localhost", url: "http://localhost:8080", because: "loopback" },
    { name: "127.0.0.1", url: "https://127.0.0.1:8080", because: "loopback" },
    { name: "127.1.2.3", url: "https://127.1.2.3", because: "loopback" },
    { name: "::1", url: "http://[::1]:8080", because: "loopback" },
    { name: "NO_PROXY", url: API, env: { NO_PROXY: "api.example.com" }, because: "no-proxy" },
    { name: "no_proxy", url: API, env: { no_proxy: "*" }, because: "no-proxy" },
  ])("is no proxy: $name", ({ url, env, because }) => {
    const set = because === "unset" ? env : { HTTPS_PROXY: PROXY, HTTP_PROXY: PROXY, ...env };
    const route = proxyFor(url, set ?? {});
    expect(route).toEqual({ via: "direct", because });
    expect(throughText(route)).toBe("");
  });

  test("is shown without its password", () => {
    const env = { HTTPS_PROXY: "http://ann:s3cret@proxy.example:3128" };
    const route = proxyFor(API, env);
    expect(route).toMatchObject({ proxy: "http://ann:s3cret@proxy.example:3128/" });
    expect(throughText(route)).toBe(" through the proxy http://proxy.example:3128 of HTTPS_PROXY");
  });

  test.each([
    { value: "socks5://ann:s3cret@proxy.example:1080", says: "it has the scheme socks5" },
    { value: "http://ann:s3cret@", says: "it is not a URL" },
    { value: "ann:s3cret", says: "it is not a URL" },
  ])("is refused where it is no HTTP proxy, without a secret: $says", ({ value, says }) => {
    const find = (): unknown => proxyFor(API, { HTTPS_PROXY: value });
    expect(find).toThrow(StoreSetupError);
    expect(find).toThrow(
      `HTTPS_PROXY must be the URL of an HTTP proxy, such as http://proxy.example:3128; ${says}`,
    );
    expect(find).not.toThrow("s3cret");
  });
});

test.each([
  { list: "api.example.com", host: "api.example.com", isNamed: true },
  { list: "example.com", host: "api.example.com", isNamed: true },
  { list: ".example.com", host: "api.example.com", isNamed: true },
  { list: "*.example.com", host: "api.example.com", isNamed: true },
  { list: "EXAMPLE.com", host: "api.example.com.", isNamed: true },
  { list: "a.test, example.com", host: "api.example.com", isNamed: true },
  { list: "a.test example.com", host: "api.example.com", isNamed: true },
  { list: "example.com:443", host: "example.com", isNamed: true },
  { list: "example.com:444", host: "example.com", isNamed: false },
  { list: "example.com:444", host: "example.com:444", isNamed: true },
  { list: "ample.com", host: "example.com", isNamed: false },
  { list: "api.example.com", host: "example.com", isNamed: false },
  { list: "10.0.0.0/8", host: "10.1.2.3", isNamed: true },
  { list: "10.0.0.0/8", host: "11.1.2.3", isNamed: false },
  { list: "10.0.0.0/8", host: "ten.example", isNamed: false },
  { list: "10.0.0.0/99", host: "10.1.2.3", isNamed: false },
  { list: "10.1.2.3", host: "10.1.2.3", isNamed: true },
  { list: "10.1.2.3:443", host: "10.1.2.3", isNamed: true },
  { list: "2001:db8::/32", host: "[2001:db8::1]", isNamed: true },
  { list: "2001:db8:0::1", host: "[2001:db8::1]", isNamed: true },
  { list: "[2001:db8::1]:443", host: "[2001:db8::1]", isNamed: true },
  { list: "[2001:db8::1]:444", host: "[2001:db8::1]", isNamed: false },
  { list: ",, ,", host: "example.com", isNamed: false },
  { list: ".", host: "example.com", isNamed: false },
  { list: ":443", host: "example.com", isNamed: false },
])("NO_PROXY=$list names https://$host: $isNamed", ({ list, host, isNamed }) => {
  const { via } = proxyFor(`https://${host}/`, { HTTPS_PROXY: PROXY, NO_PROXY: list });
  expect(via).toBe(isNamed ? "direct" : "proxy");
});

import { describe, expect, test } from "vitest";
import { endToEndHeaders, forwardedHeaders } from "./forwarded-headers.ts";

function forwarded(headers: Record<string, string>, ip: string | null = "192.0.2.1"): Headers {
  return forwardedHeaders(new Request("https://gateway.example:8443/x", { headers }), { ip });
}

describe("headers to an origin", () => {
  test("say whose request it is", () => {
    const headers = forwarded({});
    expect(headers.get("x-forwarded-for")).toBe("192.0.2.1");
    expect(headers.get("x-forwarded-host")).toBe("gateway.example:8443");
    expect(headers.get("x-forwarded-proto")).toBe("https");
  });

  test("add the client at the end of the chain that it claims", () => {
    const headers = forwarded({ "x-forwarded-for": "203.0.113.7, 198.51.100.1" });
    expect(headers.get("x-forwarded-for")).toBe("203.0.113.7, 198.51.100.1, 192.0.2.1");
  });

  test("name a client without an address as unknown", () => {
    expect(forwarded({}, null).get("x-forwarded-for")).toBe("unknown");
  });

  test("do not carry what a client claims of host, scheme and path", () => {
    const headers = forwarded({
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "gopher",
      "x-edgezero-path": "edgezero",
      "x-edgezero-decision": "reason=forced; pct=100; epoch=ab12cd",
      "x-edgezero-force": "edgezero.1.x",
    });
    expect(headers.get("x-forwarded-host")).toBe("gateway.example:8443");
    expect(headers.get("x-forwarded-proto")).toBe("https");
    const ours = [...headers.keys()].filter((name) => name.startsWith("x-edgezero"));
    expect(ours).toEqual([]);
  });
});

test("headers for one connection only are dropped, those that Connection names among them", () => {
  const headers = new Headers({
    connection: "close, X-One, not a name!",
    "x-one": "1",
    "keep-alive": "timeout=5",
    te: "trailers",
    "transfer-encoding": "chunked",
    upgrade: "websocket",
    "x-kept": "yes",
  });
  expect([...endToEndHeaders(headers)]).toEqual([["x-kept", "yes"]]);
  expect(headers.has("x-one")).toBe(true);
});

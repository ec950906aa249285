import { describe, expect, test } from "vitest";
import type { UntrustedHeaders } from "@edgezero/settings";
import { endToEndHeaders, forwardedHeaders } from "./forwarded-headers.ts";
import { createSourceOf } from "./header-drop.ts";

const VIA = "edgezero-0a1b2c3d";
const DEFAULT: UntrustedHeaders = { hasDefault: true, dropped: [], kept: [] };

function forwarded(
  headers: Record<string, string>,
  ip: string | null = "192.0.2.1",
  list = DEFAULT,
): Headers {
  const request = new Request("https://gateway.example:8443/x", { headers });
  return forwardedHeaders(request, { ip }, { sourceOf: createSourceOf(list), via: VIA });
}

describe("headers to an origin", () => {
  test("say whose request it is", () => {
    const headers = forwarded({});
    expect(headers.get("x-forwarded-for")).toBe("192.0.2.1");
    expect(headers.get("x-forwarded-host")).toBe("gateway.example:8443");
    expect(headers.get("x-forwarded-proto")).toBe("https");
  });

  test("have no chain that a client claims, unless the list keeps it", () => {
    const claimed = { "x-forwarded-for": "203.0.113.7, 198.51.100.1" };
    expect(forwarded(claimed).get("x-forwarded-for")).toBe("192.0.2.1");
    const kept = forwarded(claimed, "192.0.2.1", { ...DEFAULT, kept: ["x-forwarded-for"] });
    expect(kept.get("x-forwarded-for")).toBe("203.0.113.7, 198.51.100.1, 192.0.2.1");
  });

  test("keep what the platform has set", () => {
    const headers = { "x-real-ip": "192.0.2.1", "true-client-ip": "203.0.113.7" };
    const { sourceOf, isPlatforms } = {
      sourceOf: createSourceOf(DEFAULT),
      isPlatforms: (_: string, value: string) => value === "192.0.2.1",
    };
    const request = new Request("https://gateway.example/", { headers });
    const got = forwardedHeaders(request, { ip: "192.0.2.1" }, { sourceOf, isPlatforms, via: VIA });
    expect([got.get("x-real-ip"), got.get("true-client-ip")]).toEqual(["192.0.2.1", null]);
  });

  test("name the gateway in Via", () => {
    expect(forwarded({ via: "1.0 proxy.example" }).get("via")).toBe(
      `1.0 proxy.example, 1.1 ${VIA}`,
    );
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
      x_edgezero_probe: "1.x.7.y",
      "X_EdgeZero-Path": "edgezero",
    });
    expect(headers.get("x-forwarded-host")).toBe("gateway.example:8443");
    expect(headers.get("x-forwarded-proto")).toBe("https");
    const ours = [...headers.keys()].filter((name) => /^x.edgezero/.test(name));
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

import { describe, expect, test } from "vitest";
import { send } from "../http-client.ts";
import type { Runtime } from "../runtime.ts";
import type { OnStage, Stage } from "../stage.ts";
import { allTo } from "../stage.ts";

/** A value that no runtime would set by itself. */
const CLAIM = "6.6.6.6";

const UNTRUSTED = [
  "Forwarded",
  "X-Real-IP",
  "X-Client-IP",
  "X-Cluster-Client-IP",
  "X-Envoy-External-Address",
  "True-Client-IP",
  "CF-Connecting-IP",
  "CF-Connecting-IPv6",
  "CF-Pseudo-IPv4",
  "CF-Visitor",
  "Fastly-Client-IP",
  "Fastly-SSL",
  "Client-Cert",
  "X-Forwarded",
  "X-Forwarded-Port",
  "X-Forwarded-Prefix",
  "X-Forwarded-Server",
  "X-Forwarded-Scheme",
  "X-Forwarded-Ssl",
  "X-Forwarded-User",
  "X-Host",
  "X-Original-Host",
  "X-HTTP-Host-Override",
  "Front-End-Https",
  "X-Url-Scheme",
  "X-Original-URL",
  "X-Rewrite-URL",
  "X-Original-URI",
  "X-Script-Name",
  "Proxy",
  "X_Forwarded_For",
  "X_Forwarded-Host",
  "X_Real_IP",
  "Content_Length",
  "Transfer_Encoding",
  "X_EdgeZero_Force",
];

const KEPT = [
  "Authorization",
  "X-Requested-With",
  "X-HTTP-Method-Override",
  "X-Request-Id",
  "X_Custom",
];

/** The values that the origin of a path gets, by names in lower case. */
async function received(
  { gateway, origins }: Stage,
  path: "legacy" | "edgezero",
  headers: Record<string, string>,
): Promise<Record<string, string>> {
  await gateway.write(allTo(path));
  origins[path].handler = (request, response) => {
    response.end(JSON.stringify(request.headers));
  };
  const { text } = await send(gateway, { headers });
  return JSON.parse(text) as Record<string, string>;
}

/** An origin does not get what a client claims of client, host, scheme or path. */
export function describeUntrustedHeaders({ platformHeaders }: Runtime, onStage: OnStage): void {
  describe("headers of an untrusted client", () => {
    const dropped = UNTRUSTED.filter((name) => !platformHeaders.includes(name));
    test.each(dropped)("%s does not reach the origin", async (name) => {
      for (const path of ["legacy", "edgezero"] as const) {
        const got = await received(onStage(), path, { [name]: CLAIM });
        expect(Object.keys(got)).not.toContain(name.toLowerCase());
        expect(Object.values(got)).not.toContain(CLAIM);
      }
    });

    test.each(KEPT)("%s does", async (name) => {
      expect((await received(onStage(), "legacy", { [name]: CLAIM }))[name.toLowerCase()]).toBe(
        CLAIM,
      );
    });

    test("of X-Forwarded-For, -Host and -Proto the origin gets what is so", async () => {
      const got = await received(onStage(), "edgezero", {
        host: "site.example",
        "x-forwarded-for": `${CLAIM}, 7.7.7.7`,
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "gopher",
      });
      expect(got["x-forwarded-for"]).toMatch(/^(?:127\.0\.0\.1|192\.0\.2\.1)$/);
      expect([got["x-forwarded-host"], got["x-forwarded-proto"]]).toEqual(["site.example", "http"]);
    });
  });
}

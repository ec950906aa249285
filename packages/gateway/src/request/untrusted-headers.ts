/** What a header claims of a request. */
export type Claim = "client" | "host" | "scheme" | "path" | "several";

/**
 * The headers that proxies and platforms use to tell an application of a request, in lower case; one
 * that ends with `*` stands for all that begin so. An application that believes one must get it from a
 * proxy, not from a client.
 *
 * Not among them: `X-HTTP-Method-Override` and its like, by which old clients send their own method.
 */
export const UNTRUSTED_BY_CLAIM: Readonly<Record<Claim, readonly string[]>> = {
  client: [
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-originating-ip",
    "x-remote-ip",
    "x-remote-addr",
    "x-proxyuser-ip",
    "x-custom-ip-authorization",
    "x-envoy-external-address",
    "x-envoy-peer-metadata*",
    "client-ip",
    "true-client-ip",
    "cf-connecting-ip",
    "cf-connecting-ipv6",
    "cf-pseudo-ipv4",
    "cloudfront-viewer-address",
    "fastly-client-ip",
    "fastly-temp-xff",
    "fly-client-ip",
    "x-azure-clientip",
    "x-azure-socketip",
    "x-appengine-user-ip",
    "x-vercel-proxied-for",
    "x-nf-client-connection-ip",
    // A client certificate, which only the end of TLS has seen: RFC 9440.
    "client-cert",
    "client-cert-chain",
    "x-client-cert",
    "x-ssl-client-*",
  ],
  host: ["x-host", "x-http-host", "x-http-host-override", "fastly-orig-host"],
  scheme: [
    "front-end-https",
    "x-scheme",
    "x-url-scheme",
    "x-arr-ssl",
    "x-appengine-https",
    "cf-visitor",
    "cloudfront-forwarded-proto",
    "fastly-ssl",
    "fly-forwarded-proto",
    "fly-forwarded-port",
    "fly-forwarded-ssl",
  ],
  path: ["x-rewrite-*", "x-envoy-original-path", "x-script-name", "script-name", "x-proxy-path"],
  several: ["forwarded", "x-forwarded", "x-forwarded-*", "x-original-*", "x-vercel-forwarded-for"],
};

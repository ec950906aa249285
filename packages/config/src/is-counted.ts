/**
 * Whether the gateways that read a store run as processes that can be counted. The isolates of
 * Cloudflare and Fastly cannot.
 */
export function isCounted(storeUrl: string): boolean {
  return !/^(?:cloudflare|fastly|wrangler-local):/.test(storeUrl);
}

/** Ids of a Workers KV namespace. */
export interface CloudflareLocation {
  readonly account: string;
  readonly namespace: string;
  /** The URL, for people. It holds no credentials. */
  readonly shown: string;
}

/** The binding of the Worker's KV namespace. */
export const DEFAULT_BINDING = "TRUSTED_SERVER_CONFIG";

/** Reads `cloudflare://<account>/<namespace>`; `null` where it is anything else. */
export function parseCloudflareUrl(url: string): CloudflareLocation | null {
  const [, account, namespace] =
    /^cloudflare:\/\/([0-9a-f]{32})\/([0-9a-f]{32})\/?$/i.exec(url) ?? [];
  if (account === undefined || namespace === undefined) return null;
  return { account, namespace, shown: `cloudflare://${account}/${namespace}` };
}

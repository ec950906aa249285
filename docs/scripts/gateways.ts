/** The gateways of `apps`, by folder, with the names that readers know. One line for each. */
export const GATEWAYS: Readonly<Record<string, string>> = {
  node: "Node",
  cloudflare: "Cloudflare",
  fastly: "Fastly",
  nginx: "nginx",
};

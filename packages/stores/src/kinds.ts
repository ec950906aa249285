// The kinds of stores: one line for each.
export { CLOUDFLARE } from "./cloudflare/kind.ts";
export { FASTLY } from "./fastly/kind.ts";
export { FILE } from "./file/kind.ts";
export { REDIS } from "./redis/kind.ts";
export { WRANGLER_LOCAL } from "./wrangler-local/kind.ts";

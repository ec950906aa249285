import { openStore } from "@edgezero/stores/open-operator-store";
import { table } from "../markdown.ts";

const ID = "0123456789abcdef0123456789abcdef";
/** Opening one of these reaches nothing. */
const STORES: Readonly<Record<string, string>> = {
  "Node, config file": "file:./rollout.json",
  "Node, Redis": "redis://127.0.0.1:6379",
  "Cloudflare KV": `cloudflare://${ID}/${ID}`,
  "Fastly Config Store": "fastly://store",
};

/** How long a change takes, as the command line says it of each store. */
export async function propagationSection(): Promise<string> {
  const env = { FASTLY_API_TOKEN: "none", CLOUDFLARE_API_TOKEN: "none" };
  const rows: string[][] = [];
  for (const [name, url] of Object.entries(STORES)) {
    const store = await openStore(url, env);
    rows.push([name, store.propagation]);
    await store.close();
  }
  return table(["platform", "how long a change takes"], rows);
}

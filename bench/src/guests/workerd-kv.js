// The KV namespace of the benchmarks, over the protocol of a KV binding: two keys, how often they
// were read, and a new percentage by PUT.
const VALUES = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };
let reads = 0;

// oxlint-disable-next-line import/no-default-export -- the form of a Worker
export default {
  async fetch(request) {
    const key = decodeURIComponent(new URL(request.url).pathname.slice(1));
    if (key === "reads") return new Response(String(reads));
    if (request.method === "PUT") {
      VALUES[key] = await request.text();
      return new Response(null, { status: 204 });
    }
    reads++;
    const value = VALUES[key];
    return value === undefined ? new Response(null, { status: 404 }) : new Response(value);
  },
};

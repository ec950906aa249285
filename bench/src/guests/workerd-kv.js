// The KV namespace of the benchmark: two keys, over the protocol of a KV binding.
const VALUES = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };

// oxlint-disable-next-line import/no-default-export -- the form of a Worker
export default {
  fetch(request) {
    const value = VALUES[decodeURIComponent(new URL(request.url).pathname.slice(1))];
    return value === undefined ? new Response(null, { status: 404 }) : new Response(value);
  },
};

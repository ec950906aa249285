// The least that any gateway does beyond a Worker that only proxies: a request and an answer of its own, whose
// headers it sets, and a deadline. It decides nothing.
interface Env {
  readonly ORIGIN: string;
}

const TIMED_OUT = new Error("the origin did not answer in time");
const DEADLINE_MS = 30_000;

async function pass(request: Request, origin: string): Promise<Response> {
  const { pathname, search, host, protocol } = new URL(request.url);
  const headers = new Headers(request.headers);
  headers.set("x-forwarded-for", request.headers.get("cf-connecting-ip") ?? "unknown");
  headers.set("x-forwarded-host", host);
  headers.set("x-forwarded-proto", protocol.slice(0, -1));
  headers.set("via", "1.1 least");
  const { method, body } = request;
  const asked = new Request(origin + pathname + search, {
    method,
    headers,
    body,
    redirect: "manual",
  });
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => deadline.reject(TIMED_OUT), DEADLINE_MS);
  try {
    const found = await Promise.race([fetch(asked), deadline.promise]);
    const answer = new Response(found.body, found);
    answer.headers.set("x-edgezero-path", "legacy");
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

// oxlint-disable-next-line import/no-default-export -- the form of a Worker
export default { fetch: (request: Request, { ORIGIN }: Env) => pass(request, ORIGIN) };

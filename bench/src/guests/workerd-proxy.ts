// A Worker that only proxies: one origin, nothing read, nothing said.
interface Env {
  readonly ORIGIN: string;
}

// oxlint-disable-next-line import/no-default-export -- the form of a Worker
export default {
  fetch(request: Request, { ORIGIN }: Env): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    return fetch(new Request(ORIGIN + pathname + search, request), { redirect: "manual" });
  },
};

import { describe, expect, test } from "vitest";
import type { BodyOfGet } from "./refusal.ts";
import { refusalOf, refuseFirst } from "./refusal.ts";

interface Row {
  readonly name: string;
  readonly method?: string;
  readonly headers: Record<string, string>;
  readonly status: Readonly<Record<BodyOfGet, number | undefined>>;
}

/** The same status wherever. */
function always(status: number | undefined): Row["status"] {
  return { "of known length": status, none: status };
}

/** A request with headers that the class `Request` of this platform forbids. */
function requestOf({ method = "GET", headers }: Pick<Row, "method" | "headers">): Request {
  return { method, headers: new Headers(headers) } as Request;
}

const ROWS: readonly Row[] = [
  { name: "a GET", headers: { host: "a.example" }, status: always(undefined) },
  { name: "two hosts", headers: { host: "a.example, b.example" }, status: always(400) },
  {
    name: "a coding",
    method: "POST",
    headers: { "transfer-encoding": "gzip, chunked" },
    status: always(501),
  },
  {
    name: "a coding twice",
    method: "POST",
    headers: { "transfer-encoding": "chunked, chunked" },
    status: always(501),
  },
  {
    name: "a POST in chunks",
    method: "POST",
    headers: { "transfer-encoding": "Chunked" },
    status: always(undefined),
  },
  {
    name: "a POST of a length",
    method: "POST",
    headers: { "content-length": "4" },
    status: always(undefined),
  },
  { name: "a GET of length 0", headers: { "content-length": "0" }, status: always(undefined) },
  {
    name: "a GET of a length",
    headers: { "content-length": "4" },
    status: { "of known length": undefined, none: 400 },
  },
  {
    name: "a HEAD of a length",
    method: "HEAD",
    headers: { "content-length": "4" },
    status: { "of known length": undefined, none: 400 },
  },
  {
    name: "a GET in chunks",
    headers: { "transfer-encoding": "chunked" },
    status: { "of known length": 411, none: 400 },
  },
  {
    name: "a GET of an odd length",
    headers: { "content-length": "4, 4" },
    status: { "of known length": undefined, none: 400 },
  },
];

describe.each(["of known length", "none"] as const)("where it can pass on bodies: %s", (bodies) => {
  test.each(ROWS)("$name", ({ status, ...request }) => {
    expect(refusalOf(requestOf(request), bodies)?.status).toBe(status[bodies]);
  });
});

test("what is refused reaches no handler, and says why", async () => {
  const handle = refuseFirst(() => new Response("handled"), "none");
  const answer = await handle(requestOf({ headers: { "content-length": "4" } }), { ip: null });
  expect(await answer.text()).toBe(
    "400 Bad Request: the body of a GET cannot be passed on here; use POST.\n",
  );
  const handled = await handle(requestOf({ headers: {} }), { ip: null });
  expect(await handled.text()).toBe("handled");
});

import { describe, expect, test } from "vitest";
import { gatewayTo } from "../test/test-gateway.ts";

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A response as `fetch` gives it: its headers cannot be changed. */
function immutable(body: ReadableStream): Response {
  const response = new Response(body, { headers: { "content-type": "text/event-stream" } });
  const { headers } = response;
  headers.set = () => {
    throw new TypeError("immutable");
  };
  return response;
}

describe.each([
  { kind: "mutable", respond: (body: ReadableStream) => new Response(body) },
  { kind: "immutable", respond: immutable },
])("a streamed body under $kind headers", ({ respond }) => {
  test("passes chunk by chunk, each one before the next is made", async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const response = await gatewayTo(() => respond(readable))();
    expect(response.headers.get("x-edgezero-path")).toBe("edgezero");
    const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
    for (const chunk of ["one", "two", "three"].map(bytes)) {
      const [{ value }] = await Promise.all([reader.read(), writer.write(chunk)]);
      expect(value).toBe(chunk);
    }
    await writer.close();
    expect(await reader.read()).toEqual({ done: true, value: undefined });
  });

  test("is not read ahead: an endless one is made no faster than it is read", async () => {
    let made = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        made++;
        controller.enqueue(bytes("chunk"));
      },
    });
    const response = await gatewayTo(() => respond(endless))();
    const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
    for (let i = 0; i < 5; i++) await reader.read();
    await new Promise(setImmediate);
    expect(made).toBeGreaterThanOrEqual(5);
    expect(made).toBeLessThanOrEqual(6);
    await reader.cancel();
  });

  test("is cancelled at its source when the client goes away", async () => {
    const reasons: unknown[] = [];
    const source = new ReadableStream({ cancel: (reason) => void reasons.push(reason) });
    const response = await gatewayTo(() => respond(source))();
    await response.body?.cancel("client gone");
    expect(reasons).toEqual(["client gone"]);
  });

  test("breaks at the client as it broke at the source", async () => {
    const source = new ReadableStream({
      start: (controller) => {
        controller.enqueue(bytes("half"));
      },
      pull: () => Promise.reject(new Error("origin died")),
    });
    const response = await gatewayTo(() => respond(source))();
    await expect(response.text()).rejects.toThrow("origin died");
  });
});

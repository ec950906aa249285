/**
 * A `fetch` that calls back for each piece of a body, also for the comments of a stream, by which a quiet
 * controller shows that it is there.
 */
export function fetchHeard(send: typeof fetch, onBytes: () => void): typeof fetch {
  return async (input, init) => {
    const response = await send(input, init);
    onBytes();
    const { body, status, statusText, headers } = response;
    if (body === null) return response;
    const heard = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        onBytes();
        controller.enqueue(chunk);
      },
    });
    return new Response(body.pipeThrough(heard), { status, statusText, headers });
  };
}

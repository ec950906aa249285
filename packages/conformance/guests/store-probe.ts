// A program for Fastly Compute that gives the gateway's own config store to a test, over HTTP.
import { openConfigStore } from "@edgezero/fastly/config-store";

const store = openConfigStore();

addEventListener("fetch", (event) => {
  const key = new URL(event.request.url).searchParams.get("key") ?? "";
  event.respondWith(read(key));
});

async function read(key: string): Promise<Response> {
  try {
    return Response.json({ value: await store.get(key) });
  } catch (error) {
    return Response.json({ error: error instanceof Error ? error.name : String(error) });
  }
}

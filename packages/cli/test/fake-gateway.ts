import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A server in this process that answers as the test says. */
export interface FakeGateway {
  readonly url: string;
  /** The addresses that requests claimed in `X-Forwarded-For`, and the ports they came from. */
  readonly seen: { readonly forwardedFor: string; readonly port: number }[];
  readonly close: () => void;
}

/** Answers every request by `answer`, which gets the number of the request, from 1. */
export async function startFakeGateway(
  answer: (response: ServerResponse, number: number, request: IncomingMessage) => void,
): Promise<FakeGateway> {
  const seen: FakeGateway["seen"][number][] = [];
  const server = createServer((request, response) => {
    const forwardedFor = String(request.headers["x-forwarded-for"]);
    seen.push({ forwardedFor, port: request.socket.remotePort ?? 0 });
    answer(response, seen.length, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    seen,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

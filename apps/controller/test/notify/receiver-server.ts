import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

/** What a receiver got. */
export interface Got {
  readonly id: string;
  readonly type: string;
  readonly incident: string;
  readonly body: string;
  readonly headers: IncomingMessage["headers"];
  /** Whether it said that it had it. */
  readonly isTaken: boolean;
}

/** How it answers: with a status, not at all, or by closing the connection. */
export type Answer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | "hang"
  | "close";

/** A receiver that a test decides for. Each signature is verified by the library of Standard Webhooks. */
export interface ReceiverServer {
  readonly url: string;
  readonly got: readonly Got[];
  readonly faults: readonly unknown[];
  connections(): number;
  close(): Promise<void>;
}

export async function startReceiver(
  answer: (count: number) => Answer,
  timeOf: () => number = Date.now,
): Promise<ReceiverServer> {
  const got: Got[] = [];
  const faults: unknown[] = [];
  let connections = 0;

  function take(request: IncomingMessage, body: string, response: ServerResponse): void {
    const how = answer(got.length);
    const isTaken = typeof how === "object" && how.status < 300;
    const { headers } = request;
    const parsed = JSON.parse(body) as { type?: string; data?: { incident: string } };
    const id = String(headers["webhook-id"] ?? "");
    const { type = "", data } = parsed;
    got.push({ id, type, incident: data?.incident ?? "", body, headers, isTaken });
    if (how === "hang") return;
    if (how === "close") request.socket.destroy();
    else response.writeHead(how.status, how.headers).end("an answer");
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      try {
        verify(request, body, timeOf());
        take(request, body, response);
      } catch (error) {
        faults.push(error);
        response.writeHead(400).end();
      }
    });
  });
  server.on("connection", () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=hidden`,
    got,
    faults,
    connections: () => connections,
    async close() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The library knows no clock but the machine's: an old time is checked here, and signed anew for it. */
function verify(request: IncomingMessage, body: string, now: number): void {
  const id = String(request.headers["webhook-id"]);
  const timestamp = Number(request.headers["webhook-timestamp"]);
  if (Math.abs(timestamp * 1000 - now) > 300_000) throw new Error(`the time is ${timestamp}`);
  const expected = new Webhook(SECRET).sign(id, new Date(timestamp * 1000), body);
  if (request.headers["webhook-signature"] !== expected) throw new Error("a wrong signature");
}

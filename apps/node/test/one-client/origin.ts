import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What the origin does, by the client that the gateway names. Others get `ok` at once. */
export type OriginOrder =
  | { readonly kind: "listen" }
  | {
      readonly kind: "serve";
      readonly attacker: string;
      readonly delayMs: number;
      readonly bytes: number;
    }
  | { readonly kind: "report" };

/** What it answers to each order. */
export interface OriginReport {
  readonly url: string;
  /** The most connections that were open at once, beyond those of the last order `serve`. */
  readonly mostConnections: number;
}

let open = 0;
let openBefore = 0;
let most = 0;
let serve = { attacker: "", delayMs: 0, bytes: 2 };
let body = Buffer.from("ok");

const server: Server = createServer((request, response) => {
  response.on("error", () => {});
  request.on("error", () => {}).resume();
  const isAttack = request.headers["x-forwarded-for"] === serve.attacker;
  const answer = (): void => void response.end(isAttack ? body : "ok");
  request.on("end", () => {
    if (isAttack && serve.delayMs > 0) setTimeout(answer, serve.delayMs);
    else answer();
  });
});
server.on("connection", (socket) => {
  most = Math.max(most, ++open);
  socket.on("error", () => {}).on("close", () => open--);
});

process.on("message", (order: OriginOrder) => {
  if (order.kind === "listen") {
    server.listen(0, "127.0.0.1", report);
    return;
  }
  if (order.kind === "serve") {
    serve = order;
    body = Buffer.alloc(order.bytes, "a");
    openBefore = most = open;
  }
  report();
});

function report(): void {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.send?.({ url, mostConnections: most - openBefore } satisfies OriginReport);
}

import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer, request } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:net";

/** An HTTP proxy as companies have: it tunnels by CONNECT, and passes on requests with a whole URL. */
export interface ForwardProxy {
  readonly url: string;
  /** Each request as `CONNECT host:port` or `GET url`. */
  readonly asked: string[];
  /** The `Proxy-Authorization` of each request. */
  readonly credentials: (string | undefined)[];
  /** Ports of this machine that stand in for hosts, by `host:port`. All others are out of reach. */
  readonly hosts: Map<string, number>;
  /** Its answer to all that it refuses; `null` while it serves, `hang` where it never answers. */
  refusal: number | "hang" | null;
  close(): Promise<void>;
}

export async function startForwardProxy(): Promise<ForwardProxy> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((incoming, outgoing) => {
    note(`${incoming.method} ${incoming.url}`, incoming);
    if (proxy.refusal === null) passOn(incoming, outgoing, proxy.hosts);
    else if (proxy.refusal !== "hang") outgoing.writeHead(proxy.refusal).end();
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
  });
  server.on("connect", (incoming: IncomingMessage, client: Socket) => {
    note(`CONNECT ${incoming.url}`, incoming);
    const port = proxy.hosts.get(incoming.url ?? "");
    if (proxy.refusal === "hang") return;
    const refusal = proxy.refusal ?? (port === undefined ? 502 : null);
    if (refusal !== null || port === undefined) {
      client.end(`HTTP/1.1 ${refusal} Refused\r\nconnection: close\r\n\r\n`);
      return;
    }
    const target = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.pipe(client).pipe(target);
    });
    target.on("error", () => client.destroy()).on("close", () => client.destroy());
    client.on("close", () => target.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  function note(line: string, { headers }: IncomingMessage): void {
    proxy.asked.push(line);
    proxy.credentials.push(headers["proxy-authorization"]);
  }
  const proxy: ForwardProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    credentials: [],
    hosts: new Map(),
    refusal: null,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
  return proxy;
}

function passOn(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  hosts: ReadonlyMap<string, number>,
): void {
  const { hostname, port, pathname, search } = new URL(incoming.url ?? "");
  const target = hosts.get(`${hostname}:${port === "" ? 80 : port}`);
  if (target === undefined) {
    outgoing.writeHead(502).end();
    return;
  }
  const { method, headers } = incoming;
  const path = pathname + search;
  const sent = request({ host: "127.0.0.1", port: target, path, method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  sent.on("error", () => outgoing.destroy());
  incoming.pipe(sent);
}

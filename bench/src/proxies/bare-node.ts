// A plain proxy on Node: node:http and undici, no split, no header touched. The difference in cost is
// what the gateway adds; bare sockets would cost less than either.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Pool } from "undici";

const pool = new Pool(process.env["ORIGIN"] ?? "");
const server = createServer((request, response) => {
  pool.dispatch(
    { method: "GET", path: request.url ?? "/", headers: request.rawHeaders.slice(2) },
    {
      onRequestStart() {},
      onResponseStart(_controller, status, _headers) {
        response.writeHead(status);
      },
      onResponseData(_controller, chunk) {
        response.write(chunk);
      },
      onResponseEnd() {
        response.end();
      },
      onResponseError() {
        response.destroy();
      },
    },
  );
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
});

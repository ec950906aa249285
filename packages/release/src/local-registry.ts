import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { packedFile } from "./packed-file.ts";
import type { Manifest } from "./published-packages.ts";
import { publishedPackages } from "./published-packages.ts";
import { run } from "./run.ts";

/** A registry of this machine. */
export interface LocalRegistry {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves packed packages as if they were published, so that `npm install <name>` of the documents takes them.
 * Everything else is redirected to the registry that npm uses on this machine.
 *
 * @param folder Where the packed files are.
 */
export async function startLocalRegistry(folder: string): Promise<LocalRegistry> {
  const upstream = (await run(folder, "npm", ["config", "get", "registry"])).trim();
  const ours = new Map(publishedPackages().map(({ manifest }) => [manifest.name, manifest]));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "/").slice(1);
    const manifest = ours.get(path) ?? ours.get(path.replace(/\.tgz$/, ""));
    if (manifest === undefined) {
      response.writeHead(302, { location: new URL(request.url ?? "/", upstream).href }).end();
      return;
    }
    const isFile = path.endsWith(".tgz");
    const answer = isFile ? sendFile : sendDocument;
    answer(response, packedFile(folder, manifest), `${url}/${manifest.name}.tgz`, manifest).catch(
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function sendFile(response: ServerResponse, file: string): Promise<void> {
  const bytes = await readFile(file);
  response.writeHead(200, { "content-type": "application/octet-stream" }).end(bytes);
}

/** What npm reads of a package: its versions, and where the file of each is. */
async function sendDocument(
  response: ServerResponse,
  file: string,
  tarball: string,
  { name, version }: Manifest,
): Promise<void> {
  const integrity = `sha512-${createHash("sha512")
    .update(await readFile(file))
    .digest("base64")}`;
  const packed = await run("/", "tar", ["-xOzf", file, "package/package.json"]);
  const manifest = { ...(JSON.parse(packed) as object), dist: { tarball, integrity } };
  const document = { name, "dist-tags": { latest: version }, versions: { [version]: manifest } };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(document));
}

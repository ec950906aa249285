import { createServer } from "node:http";
import type { Listening } from "./listen.ts";
import { listen } from "./listen.ts";
import { passOn } from "./pass-on.ts";

/** Passes requests on to another server of this machine, but for those while `isOpen` says no. */
export async function startRelay(target: string, isOpen: () => boolean): Promise<Listening> {
  const server = createServer((request, response) => {
    if (isOpen()) void passOn(request, response, target);
    else request.socket.destroy();
  });
  return listen(server, 0);
}

import { createServer } from "node:http";
import type { RolloutPath } from "@edgezero/rollout";
import { BAD_CLIENT } from "../load/clients.ts";
import type { Listening } from "../processes/listen.ts";
import { listen } from "../processes/listen.ts";
import type { Conditions, Site } from "./fault.ts";
import { conditionsOf } from "./fault.ts";
import { shopPage } from "./shop.ts";

/** The shortest time of an answer, and the mean of what comes on top, in milliseconds. */
const BASE_MS = 15;
const MORE_MS = 15;

/** Starts the origin of one path. It fails as the site's conditions say. */
export async function startOrigin(path: RolloutPath, site: Site): Promise<Listening> {
  const page = Buffer.from(shopPage(path));
  const server = createServer((request, response) => {
    const conditions = conditionsOf(site);
    const address = clientOf(request.headers["x-forwarded-for"]);
    const isFailing = Math.random() < errorsOf(path, address, conditions);
    const later = path === "edgezero" ? conditions.edgezeroDelayMs : 0;
    setTimeout(
      () => {
        response.writeHead(isFailing ? 500 : 200, {
          "content-type": "text/html; charset=utf-8",
          "content-length": page.length,
        });
        response.end(page);
      },
      BASE_MS - MORE_MS * Math.log(1 - Math.random()) + later,
    );
  });
  server.keepAliveTimeout = 60_000;
  return listen(server, 0);
}

function errorsOf(path: RolloutPath, address: string, conditions: Conditions): number {
  if (path === "legacy") return conditions.legacyErrors;
  return conditions.hasBadClient && address === BAD_CLIENT ? 1 : conditions.edgezeroErrors;
}

/** The first address: the gateway trusts the clients of the demo to say it. */
function clientOf(header: string | string[] | undefined): string {
  return (
    String(header ?? "")
      .split(",", 1)[0]
      ?.trim() ?? ""
  );
}

import type { RequestListener } from "node:http";
import type { Stage } from "../stage.ts";

/** Answers `/status/503` with that status, and everything else with 200. */
export const byStatus: RequestListener = (request, response) => {
  const status = /^\/status\/(\d{3})/.exec(request.url ?? "")?.[1] ?? "200";
  response.writeHead(Number(status)).end(`status ${status}`);
};

/** Lets both origins answer by the request's path. */
export function answerByStatus({ origins }: Stage): void {
  origins.legacy.handler = byStatus;
  origins.edgezero.handler = byStatus;
}

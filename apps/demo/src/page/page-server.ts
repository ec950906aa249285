import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { errorCode, messageOf } from "@edgezero/faults/faults";
import { startAgain } from "../begin.ts";
import type { Demo } from "../demo.ts";
import type { Listening } from "../processes/listen.ts";
import { listen } from "../processes/listen.ts";
import { passOn } from "../processes/pass-on.ts";
import { FAULTS } from "../site/fault.ts";
import { loadPanel, withPanel } from "./panel-files.ts";
import { panelState } from "./panel-state.ts";

type Answer = (request: IncomingMessage, demo: Demo) => Promise<unknown>;

/** What the panel asks for. Each answers with the state of the panel afterwards. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  "GET /demo/state": async (_, demo) => panelState(demo),
  "POST /demo/fault": async (request, demo) => {
    await demo.setFault(faultOf(await json(request)));
    return panelState(demo);
  },
  "POST /demo/again": async (_, demo) => {
    await startAgain(demo);
    return panelState(demo);
  },
};

/**
 * Serves the controller's page with the demo's panel in it, and passes everything else on to the
 * controller. Without `port` it takes 8790, or a free one where that is in use.
 */
export async function startPage(demo: Demo, port: number | undefined): Promise<Listening> {
  const files = await loadPanel();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    const file = files.get(path);
    if (file !== undefined) {
      response.writeHead(200, { "content-type": file.type, "cache-control": "no-store" });
      response.end(file.body);
      return;
    }
    const answer = ANSWERS[`${request.method} ${path}`];
    if (answer !== undefined) return answerPanel(answer, demo, request, response);
    if (path !== "/") return passOn(request, response, demo.controllerUrl);
    const page = await fetch(demo.controllerUrl);
    response.writeHead(page.status, headersOf(page));
    response.end(withPanel(await page.text()));
  };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => send(response, 500, messageOf(error)));
  });
  if (port !== undefined) return listen(server, port);
  try {
    return await listen(server, USUAL_PORT);
  } catch (error) {
    if (errorCode(error) !== "EADDRINUSE") throw error;
    return listen(server, 0);
  }
}

const USUAL_PORT = 8790;

async function answerPanel(
  answer: Answer,
  demo: Demo,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isOwnPage(request)) return send(response, 403, "Only the demo's own page may do this.");
  try {
    const body = JSON.stringify(await answer(request, demo));
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(body);
  } catch (error) {
    send(response, 409, messageOf(error));
  }
}

/** Only a page of this origin can send JSON to a name of this machine. */
function isOwnPage({ method, headers }: IncomingMessage): boolean {
  const { host = "", origin } = headers;
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(host)) return false;
  if (method === "GET") return true;
  return headers["content-type"] === "application/json" && origin === `http://${host}`;
}

function faultOf(asked: unknown): keyof typeof FAULTS | null {
  const { fault } = asked as { readonly fault?: unknown };
  if (fault === null) return null;
  const known = Object.keys(FAULTS) as (keyof typeof FAULTS)[];
  const found = known.find((name) => name === fault);
  if (found === undefined) throw new Error(`there is no such fault; allowed: ${known.join(", ")}`);
  return found;
}

function headersOf({ headers }: Response): Record<string, string> {
  const kept = Object.fromEntries(headers);
  for (const name of ["content-length", "content-encoding", "transfer-encoding", "connection"]) {
    delete kept[name];
  }
  return kept;
}

function send(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}

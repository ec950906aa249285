import type { IncomingMessage, RequestListener, Server } from "node:http";
import type { Duplex } from "node:stream";
import { errorCode } from "@edgezero/faults/faults";
import type { ClientCounts, Malformed } from "./counts.ts";

/** What a malformed request gets. */
interface Refusal {
  readonly kind: Malformed;
  readonly status: 400 | 501;
  readonly text: string;
}

const NOT_ONE_HOST: Refusal = {
  kind: "host",
  status: 400,
  text: "400 Bad Request: a request has one Host header.\n",
};
const UPGRADE_WITHOUT_HOST: Refusal = { ...NOT_ONE_HOST, kind: "upgrade" };
const CODING_IN_1_0: Refusal = {
  kind: "transfer-coding",
  status: 400,
  text: "400 Bad Request: HTTP/1.0 has no Transfer-Encoding.\n",
};
const OTHER_CODING: Refusal = {
  kind: "transfer-coding",
  status: 501,
  text: "501 Not Implemented: the only transfer coding is chunked.\n",
};

/**
 * Finds what is wrong with a request that Node has parsed, before anything is decided for it. The
 * gateway and an origin could disagree on such a request: on the site that it is for, or on its end.
 */
export function findMalformed(incoming: IncomingMessage): Refusal | null {
  const { headers, rawHeaders, httpVersionMinor } = incoming;
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === 4 && name.toLowerCase() === "host") hosts++;
  }
  const isOld = httpVersionMinor === 0;
  if (hosts > 1) return NOT_ONE_HOST;
  if (hosts === 0 && headers.upgrade !== undefined) return UPGRADE_WITHOUT_HOST;
  if (hosts === 0 && !isOld) return NOT_ONE_HOST;
  const coding = headers["transfer-encoding"];
  if (coding === undefined) return null;
  if (isOld) return CODING_IN_1_0;
  return coding.toLowerCase() === "chunked" ? null : OTHER_CODING;
}

/** Answers malformed requests itself, and counts them. No path sees them. */
export function refuseMalformed(handle: RequestListener, counts: ClientCounts): RequestListener {
  return (incoming, outgoing) => {
    const refusal = findMalformed(incoming);
    if (refusal === null) {
      handle(incoming, outgoing);
      return;
    }
    counts.malformed[refusal.kind]++;
    outgoing.shouldKeepAlive = false;
    outgoing.writeHead(refusal.status, { "content-type": "text/plain" }).end(refusal.text);
  };
}

/** What Node's parser refuses, with the status that it gets. */
const PARSER_FAULTS: Readonly<Record<string, readonly [Malformed, string]>> = {
  HPE_HEADER_OVERFLOW: ["headers-too-large", "431 Request Header Fields Too Large"],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ["headers-too-large", "413 Payload Too Large"],
  ERR_HTTP_REQUEST_TIMEOUT: ["timeout", "408 Request Timeout"],
};

/** Counts what Node's parser refuses, and answers it as Node does. */
export function countParserFaults(server: Server, counts: ClientCounts): void {
  server.on("clientError", (fault: Error, socket: Duplex & InFlight) => {
    const code = errorCode(fault);
    const isParsers = code.startsWith("HPE_") || code in PARSER_FAULTS;
    // Otherwise the client has gone away, which is no request.
    if (isParsers) {
      const [kind, status] = PARSER_FAULTS[code] ?? ["syntax", "400 Bad Request"];
      counts.malformed[kind]++;
      const { _httpMessage: response } = socket;
      const isAnswered = response?.headersSent ?? false;
      if (socket.writable && !isAnswered) {
        socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
      }
    }
    socket.destroy(fault);
  });
}

/** A connection of Node's server, with the response that is being sent. */
interface InFlight {
  readonly _httpMessage?: { readonly headersSent: boolean } | null;
}

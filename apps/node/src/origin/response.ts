import type { GatewayResponse } from "../routing/gateway-response.ts";
import type { OriginExchange } from "./exchange.ts";
import { UpstreamResponse } from "./upstream-response.ts";

/** What Node can send as one. Others, such as undici makes of Latin-1, are left for Node's own. */
const REASON_PHRASE = /^[\t -~\x80-\xff]+$/;

/** An origin's response to a request; without a body where it ends with its headers. */
export class OriginResponse extends UpstreamResponse<OriginExchange | null> {
  /** Writes the response. A body that breaks off upstream breaks off for the client too. */
  sendTo(outgoing: GatewayResponse): void {
    if (REASON_PHRASE.test(this.statusText)) {
      outgoing.writeHead(this.status, this.statusText, this.rawHeaders);
    } else {
      outgoing.writeHead(this.status, this.rawHeaders);
    }
    if (this.body === null) outgoing.end();
    else this.body.sendBody();
  }
}

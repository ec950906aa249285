import { createHmac } from "node:crypto";
import type { ProbeOptions, ProbeRequest } from "../src/probe/index.ts";
import { createProbe, PROBE_HEADER } from "../src/probe/index.ts";
import type { TestOptions } from "./test-gateway.ts";
import { testGateway } from "./test-gateway.ts";

export const SECRET = "a probe secret of 32 characters, no less";
export const NONCE = "AAAAAAAAAAAAAAAAAAAAAA";

/** The parts of a token, of which any may be wrong. */
export interface TokenParts {
  readonly expires?: number | string;
  readonly nonce?: string;
  readonly bucket?: number | string;
  readonly purpose?: string;
  readonly by?: string;
}

/** A token as any program makes it that follows the description; it is good for 30 s. */
export function tokenOf({
  expires = Math.floor(Date.now() / 1000) + 30,
  nonce = NONCE,
  bucket = 7,
  purpose = "edgezero-probe",
  by = SECRET,
}: TokenParts = {}): string {
  const signature = createHmac("sha256", by).update(`${purpose}\n${expires}\n${nonce}\n${bucket}`);
  return `${expires}.${nonce}.${bucket}.${signature.digest("base64url")}`;
}

/** A gateway of `testGateway` that answers probes, and a function that sends it a token. */
export function probedGateway(
  probe: Partial<ProbeOptions<ProbeRequest>> = {},
  options: Partial<TestOptions> = {},
) {
  const send = testGateway({ probe: createProbe({ secrets: [SECRET], ...probe }), ...options });
  const ask = (token: string, init: RequestInit = {}) =>
    send(new Request("https://site.example/a", { ...init, headers: { [PROBE_HEADER]: token } }));
  return { send, ask };
}

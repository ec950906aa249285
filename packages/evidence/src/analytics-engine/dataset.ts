import type { SourceConfig } from "../source-config.ts";
import { SourceConfigError } from "../source-config.ts";

/** A dataset of Analytics Engine, and which of its data points are read. */
export interface Dataset {
  /** The id of the account: 32 hexadecimal digits. */
  readonly account: string;
  /** The name that `wrangler.jsonc` gives it. It is a word, so that it is safe in a query. */
  readonly name: string;
  /** The `SERVICE_NAME` of the gateway's Worker: others' data points are no evidence. Safe in a query. */
  readonly service: string;
}

const FORM = "analytics-engine:<account id>/<dataset>";
const EXAMPLE = `{ "url": "${FORM}", "tokenEnv": "CLOUDFLARE_ANALYTICS_TOKEN", "match": { "service": "<SERVICE_NAME>" } }`;

/** What may stand after the scheme, for people. */
export function parseDatasetName(text: string): Pick<Dataset, "account" | "name"> {
  const [, account, name] = /^([0-9a-f]{32})\/([A-Za-z_]\w{0,99})$/i.exec(text) ?? [];
  if (account !== undefined && name !== undefined) return { account, name };
  throw new SourceConfigError(
    `evidence: analytics-engine: needs an account's id of 32 hexadecimal digits and a dataset's name of letters, digits and _: ${FORM}`,
  );
}

/** @throws SourceConfigError where the config has no token, no `service`, or another label. */
export function datasetOf(
  place: Pick<Dataset, "account" | "name">,
  { tokenEnv, tokenFile, match = {} }: SourceConfig,
): Dataset {
  if (tokenEnv === undefined && tokenFile === undefined) {
    throw new SourceConfigError(
      `evidence: analytics-engine: needs a token that may read the account's analytics; name its variable: ${EXAMPLE}`,
    );
  }
  const { service, ...others } = match;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw new SourceConfigError(
      `evidence: analytics-engine: match has ${JSON.stringify(other)}; allowed: service`,
    );
  }
  if (service === undefined) {
    throw new SourceConfigError(
      `evidence: analytics-engine: match.service is not set. It must be the Worker's SERVICE_NAME, since a dataset may have data points of other Workers, which say nothing of this one: ${EXAMPLE}`,
    );
  }
  if (!/^[\w.-]{1,64}$/.test(service)) {
    throw new SourceConfigError(
      "evidence: analytics-engine: match.service must be the Worker's SERVICE_NAME: 1 to 64 letters, digits, dots, dashes or _",
    );
  }
  return { ...place, service };
}

/**
 * Where the API is: Cloudflare's, or another address in `EDGEZERO_CLOUDFLARE_API_URL`, as for the store.
 *
 * @throws SourceConfigError where that is no https URL, or one of http beyond this machine.
 */
export function endpointOf(
  { account }: Dataset,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const given = env[API_URL] ?? "";
  const base = URL.parse(given === "" ? "https://api.cloudflare.com/client/v4" : given);
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(base?.hostname ?? "");
  const isSafe = base?.protocol === "https:" || (base?.protocol === "http:" && isLocal);
  if (base === null || !isSafe || base.username !== "" || base.password !== "") {
    throw new SourceConfigError(
      `${API_URL} must be an https URL, or http://localhost, without credentials`,
    );
  }
  return `${base.href.replace(/\/+$/, "")}/accounts/${account}/analytics_engine/sql`;
}

const API_URL = "EDGEZERO_CLOUDFLARE_API_URL";

import { textThat } from "./rules.ts";
import type { Rule, Setting } from "./setting.ts";
import { defineSetting } from "./setting.ts";

const file: Rule<string> = textThat((text) => text.trim() !== "", "the path of a file in PEM form");
const host: Rule<string> = textThat((text) => /^[\w.-]+$/.test(text), "a host name");

/** The settings of TLS to one origin. */
export interface OriginTlsSettings<Origin extends string> {
  readonly servername: Setting<string, null> & { readonly name: `${Origin}_TLS_SERVERNAME` };
  readonly ca: Setting<string, null> & { readonly name: `${Origin}_CA` };
  readonly cert: Setting<string, null> & { readonly name: `${Origin}_CERT` };
  readonly key: Setting<string, null> & { readonly name: `${Origin}_KEY` };
}

/** The settings of TLS to one origin. */
export function originTls<Origin extends "LEGACY_ORIGIN" | "EDGEZERO_ORIGIN">(
  origin: Origin,
): OriginTlsSettings<Origin> {
  const own = <Suffix extends string>(suffix: Suffix, rule: Rule<string>, meaning: string) => ({
    ...defineSetting({ name: `${origin}_${suffix}`, ...rule, default: null, meaning }),
    name: `${origin}_${suffix}` as const,
  });
  return {
    servername: own(
      "TLS_SERVERNAME",
      host,
      `The name that \`${origin}\` is asked for by TLS, and that its certificate must have; its host unless set.`,
    ),
    ca: own(
      "CA",
      file,
      `A file of certificates of the authorities that \`${origin}\` may have its certificate from; the usual ones unless set.`,
    ),
    cert: own(
      "CERT",
      file,
      `A file with the certificate by which the gateway proves itself to \`${origin}\`.`,
    ),
    key: own("KEY", file, `A file with the private key of that certificate.`),
  };
}

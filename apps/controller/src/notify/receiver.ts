import { readFileSync } from "node:fs";
import type { NotifyConfig, Variables } from "@edgezero/config";
import { isUsable } from "@edgezero/config";
import { messageOf } from "@edgezero/faults/faults";
import { Agent } from "undici";
import { BODY_FORMS } from "./body.ts";
import type { Notice } from "./notice.ts";
import type { Attempt } from "./outbox.ts";
import type { Resolve } from "./public-address.ts";
import { checkedLookup } from "./public-address.ts";
import { ANSWER_MS, post } from "./send.ts";
import { readKey, signatureHeaders } from "./signature.ts";

/** Someone whom messages are sent to. */
export interface Receiver {
  readonly name: string;
  readonly format: NonNullable<NotifyConfig["format"]>;
  /** Scheme, host and port, for people. The rest of a URL may be a secret. */
  readonly origin: string;
  write(notice: Notice, id: string): string;
  /** Sends once. Never rejects. `now` in milliseconds of the epoch. */
  send(id: string, body: string, now: number, stop: AbortSignal): Promise<Attempt>;
  close(): Promise<void>;
}

/** What tests replace. */
export interface ReceiverPorts {
  readonly resolve?: Resolve | undefined;
  /** How long an answer may take, in milliseconds. Default 10,000. */
  readonly limitMs?: number | undefined;
}

/** Opens a receiver. Nothing is sent yet. @throws Error where a secret or a file cannot be used, without it. */
export function openReceiver(
  config: NotifyConfig,
  variables: Variables,
  { resolve, limitMs = ANSWER_MS }: ReceiverPorts = {},
): Receiver {
  const { name, format = "cloudevents", allowPrivate = false, secretEnv, caFile } = config;
  const url = config.url ?? variableOf(config, "urlEnv", variables);
  if (!isUsable(url, allowPrivate)) {
    throw new Error(
      `notify ${name}: ${config.urlEnv ?? "url"} is not an https URL without a user; http is for allowPrivate alone`,
    );
  }
  const key = secretEnv === undefined ? null : keyOf(config, variables);
  const ca = caFile === undefined ? undefined : readCa(name, caFile);
  const connect = { lookup: checkedLookup(allowPrivate, resolve), timeout: limitMs, ca };
  const dispatcher = new Agent({ connect });
  const { contentType, write } = BODY_FORMS[format];
  return {
    name,
    format,
    origin: new URL(url).origin,
    write,
    async send(id, body, now, stop) {
      const signature = key === null ? {} : signatureHeaders(key, id, body, now);
      const headers = { "content-type": contentType, "user-agent": "edgezero", ...signature };
      return post({ url, headers, body, allowPrivate, dispatcher, limitMs, now, stop });
    },
    close: async () => dispatcher.destroy(),
  };
}

function keyOf(config: NotifyConfig, variables: Variables): Buffer {
  const { key, finding } = readKey(variableOf(config, "secretEnv", variables));
  if (key !== null) return key;
  throw new Error(`notify ${config.name}: ${config.secretEnv} ${finding}`);
}

function variableOf(
  config: NotifyConfig,
  field: "urlEnv" | "secretEnv",
  variables: Variables,
): string {
  const name = config[field] ?? "";
  const value = variables[name]?.trim() ?? "";
  if (value !== "") return value;
  throw new Error(`notify ${config.name}: ${field} names ${name}, which is not set`);
}

function readCa(name: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`notify ${name}: caFile cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

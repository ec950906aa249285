import { randomUUID } from "node:crypto";
import type { RolloutPath } from "@edgezero/rollout";
import { PATH_HEADER } from "@edgezero/rollout";
import type { DecisionDetail } from "@edgezero/rollout/attribution";
import { DECISION_HEADER, parseDecision } from "@edgezero/rollout/attribution";
import type { ProbeAnswer } from "@edgezero/rollout/probe";
import { mintProbeToken, parseProbe, PROBE_HEADER } from "@edgezero/rollout/probe";
import { withDeadline } from "@edgezero/faults/deadline";
import { messageOf } from "@edgezero/faults/faults";
import { genuineAnswer } from "./answer-signature.ts";
import type { RawAnswer } from "./get-once.ts";
import { getOnce } from "./get-once.ts";
import { parsePath, pathOfDecision } from "./parse-path.ts";
import type { SyntheticClient } from "./synthetic-clients.ts";

const TIMEOUT_MS = 2000;
/** The most that a gateway takes a token for, and the second that its `Date` header leaves open. */
const LONGEST_TOKEN_MS = 61_000;

/** The result of one request to a gateway. Times are of `performance.now()`. */
export interface Sample {
  /** The client that the probe claimed to be; empty where it was signed. */
  readonly clientIp: string;
  /** The bucket that was asked about. */
  readonly bucket: number;
  readonly sentAt: number;
  /** Infinity while it is under way. */
  readonly answeredAt: number;
  readonly status: number | null;
  /** The gateway's answer to a signed probe; `null` where the response is no such answer. */
  readonly probe: ProbeAnswer | null;
  /** Whether a token was sent that the gateway's own clock takes for expired, or for too long. */
  readonly isMisdated: boolean;
  /** `null` where there was no response, or a response that is not a gateway's. */
  readonly path: RolloutPath | null;
  readonly detail: DecisionDetail | null;
  /** The gateway's own time, in milliseconds of the epoch, to the second; `null` where it names no time. */
  readonly date: number | null;
  /** Why there is no path; `null` where there is a path. */
  readonly fault: string | null;
}

/** The parts of a sample that come from the gateway. */
type Answer = Omit<Sample, "clientIp" | "bucket" | "sentAt" | "answeredAt">;

const NO_ANSWER: Answer = {
  status: null,
  probe: null,
  isMisdated: false,
  path: null,
  detail: null,
  date: null,
  fault: null,
};

/** A sample of a probe that was sent at `sentAt` and is under way. */
export function pendingSample(bucket: number, sentAt: number): Sample {
  return {
    clientIp: "",
    bucket,
    sentAt,
    answeredAt: Infinity,
    ...NO_ANSWER,
    fault: "no response yet",
  };
}

/**
 * Sends one request on a connection of its own, as a client of its own and with a query of its own, so
 * that no cache answers. The body is not read. Gives up after 2 seconds, or when `signal` aborts. Never
 * rejects.
 */
export async function probe(
  url: string,
  { ip, bucket }: SyntheticClient,
  signal?: AbortSignal,
): Promise<Sample> {
  const sentAt = performance.now();
  const headers = { "x-forwarded-for": ip };
  const answer = await answerOf(
    async (late) => getOnce(uncached(url, randomUUID()), headers, late),
    signal,
  );
  return { clientIp: ip, bucket, sentAt, answeredAt: performance.now(), ...answer };
}

/** Settings of {@link signedProbe}. */
export interface SignedProbeOptions {
  readonly url: string;
  readonly secret: string;
  readonly bucket: number;
  /** The gateway's clock less this machine's, in milliseconds. */
  readonly skewMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks a gateway for its decision about a bucket, on a connection of its own and with a query of its
 * own, so that no cache answers. Gives up after 2 seconds, or when `signal` aborts. Never rejects.
 */
export async function signedProbe(options: SignedProbeOptions): Promise<Sample> {
  const { url, secret, bucket, skewMs, signal } = options;
  const sentAt = performance.now();
  const answer = await answerOf(async (late) => {
    const token = await mintProbeToken({ secret, bucket, now: Date.now() + skewMs });
    const address = uncached(url, token.slice(-16));
    const raw = await getOnce(address, { [PROBE_HEADER]: token }, late);
    return { ...raw, signedBy: { token, secret } };
  }, signal);
  // An answer about another bucket is not the answer to this probe.
  const own = answer.probe?.bucket === bucket ? answer.probe : null;
  return { clientIp: "", bucket, sentAt, answeredAt: performance.now(), ...answer, probe: own };
}

function uncached(url: string, unique: string): string {
  const address = new URL(url);
  address.searchParams.set("edgezero-probe", unique);
  return address.href;
}

/** The token of a probe, and the secret by which its answer must be signed too. */
interface SignedBy {
  readonly token: string;
  readonly secret: string;
}

async function answerOf(
  ask: (signal: AbortSignal) => Promise<RawAnswer & { readonly signedBy?: SignedBy }>,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  try {
    const { status, headers, through, signedBy } = await withDeadline(
      TIMEOUT_MS,
      async (late) => ask(signal === undefined ? late : AbortSignal.any([signal, late])),
      `no response in ${TIMEOUT_MS} ms`,
    );
    const header = headers.get(PROBE_HEADER) ?? "";
    const signed =
      signedBy === undefined
        ? null
        : parseProbe(
            status === 204 ? genuineAnswer(header, signedBy.token, signedBy.secret) : null,
          );
    const detail = parseDecision(headers.get(DECISION_HEADER));
    const path = signed?.path ?? parsePath(headers.get(PATH_HEADER)) ?? pathOfDecision(detail);
    const time = Date.parse(headers.get("date") ?? "");
    const date = Number.isNaN(time) ? null : time;
    return {
      status,
      probe: signed,
      isMisdated: signed === null && signedBy !== undefined && isMisdated(signedBy.token, date),
      path,
      detail,
      date,
      fault:
        path === null ? `the response has no ${PATH_HEADER} (status ${status}${through})` : null,
    };
  } catch (error) {
    return { ...NO_ANSWER, fault: messageOf(error) };
  }
}

function isMisdated(token: string, date: number | null): boolean {
  if (date === null) return false;
  const expiresAt = 1000 * Number(token.split(".")[0]);
  return date >= expiresAt || expiresAt - date > LONGEST_TOKEN_MS;
}

import type { ControllerClient } from "./client.ts";
import { ClientError } from "./client.ts";

/** A controller, as the one who asks it knows it. */
export interface AskedController {
  readonly url: string;
  readonly environment: string;
  /** The environment variable of the token, and whether it has one. */
  readonly tokenEnv: string;
  readonly token: string | null;
}

/**
 * Why a controller gave no answer. `not-asked`: it could not be asked, as without its token. `unreachable`: nothing was sent. `silent`: it was asked, and no answer
 * came. `refused`: it does not serve this caller. `no-environment`: it leads others. `not-understood`: the
 * answer is not a controller's, or a newer one's.
 */
export type FindingCode =
  | "not-asked"
  | "unreachable"
  | "silent"
  | "refused"
  | "no-environment"
  | "failed"
  | "not-understood";

/** What is known of a controller that gave no answer. It claims no more than was seen. */
export interface ControllerFinding {
  readonly code: FindingCode;
  readonly message: string;
  /** What to do about it. */
  readonly todo: string;
  /** Whether a command that was sent may have been carried out all the same. */
  readonly mayBeDone: boolean;
}

/** Faults of a connection that never came to be. */
const NOT_SENT: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

const STATUS_TODO = "`edgezero-rollout status` shows what the store has, without it.";

/** Says why a controller gave no answer. Asks it for its environments where it does not know the one. */
export async function controllerFinding(
  error: unknown,
  client: ControllerClient,
  controller: AskedController,
): Promise<ControllerFinding> {
  if (!(error instanceof ClientError)) throw error;
  const { url, environment, tokenEnv, token } = controller;
  const { kind, status } = error;
  const base = { todo: STATUS_TODO, mayBeDone: false };
  if (kind === "unreachable") {
    const { code, text } = rootOf(error);
    if (NOT_SENT.has(code)) {
      const message = `the controller at ${url} cannot be reached: ${text}`;
      return { ...base, code: "unreachable", message };
    }
    const message = `the controller at ${url} gave no answer: ${text}`;
    return { ...base, code: "silent", message, mayBeDone: true };
  }
  if (kind === "not-understood") {
    const message = `${url} answers with status ${status}, and not as a controller does`;
    const todo = "Look at the URL, and whether controller and command are of one release.";
    // What is not understood may have done it.
    return {
      code: "not-understood",
      message,
      todo,
      mayBeDone: (status ?? 0) < 400 || isTheirs(status),
    };
  }
  if (status === 401) {
    const given =
      token === null ? `, and ${tokenEnv} is not set` : `: that in ${tokenEnv} is not its own`;
    const message = `the controller at ${url} asks for its token${given}`;
    const todo = `Put the controller's CONTROLLER_TOKEN into ${tokenEnv}.`;
    return { code: "refused", message, todo, mayBeDone: false };
  }
  if (status === 404) {
    const names = await namesIn(client);
    const message = `the controller at ${url} does not lead an environment ${JSON.stringify(environment)}`;
    const todo = names === null ? "Look at --env and --controller." : `It leads: ${names}.`;
    return { code: "no-environment", message, todo, mayBeDone: false };
  }
  const message = `the controller at ${url} did not serve this: ${error.message}`;
  const code = isTheirs(status) ? "failed" : "refused";
  return { ...base, code, message, mayBeDone: isTheirs(status) };
}

/** Whether a status tells of a fault while it was carried out, which may have been done by then. */
function isTheirs(status: number | null): boolean {
  return (status ?? 0) >= 500;
}

async function namesIn(client: ControllerClient): Promise<string | null> {
  try {
    const { environments } = await client.environments();
    return environments.map(({ name }) => name).join(", ") || "no environment";
  } catch {
    return null;
  }
}

/** The fault that all began with: `fetch` wraps it. */
function rootOf(error: Error): { code: unknown; text: string } {
  let root: Error = error;
  while (root.cause instanceof Error) root = root.cause;
  const code: unknown = "code" in root ? root.code : undefined;
  const known = typeof code === "string" ? code : "";
  // A fault of several addresses has a code, and no message.
  return { code, text: root.name === "TimeoutError" ? "the time was up" : root.message || known };
}

import { DeadlineError, withDeadline } from "@edgezero/faults/deadline";
import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { IngestAnswer, IngestRefusal } from "@edgezero/control-api/ingest";
import { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import type { PageFiles } from "../page/page-files.ts";
import { servePage } from "../page/serve-page.ts";
import type { AddressOf } from "./access.ts";
import { fromSameOrigin, withToken } from "./access.ts";
import type { Environments } from "./environments.ts";
import { eventStream } from "./event-stream.ts";
import { createFailedTokens } from "./failed-tokens.ts";
import { describeApi } from "./openapi.ts";
import { MOST_POSTED, readPosted } from "./posted-events.ts";
import { rangeOf, recordingResponse, wishOf } from "./recording.ts";
import { refusal, refuse } from "./refusal.ts";
import {
  COMMAND,
  EVENTS,
  HISTORY,
  INGEST,
  LIST,
  NOTIFICATIONS,
  RECORDING,
  SHOW,
} from "./routes.ts";

/** The largest command, in bytes. */
const MOST_COMMAND = 16 * 1024;
const MOST_STREAMS = 200;

export interface ApiOptions {
  readonly environments: Environments;
  /** `null`: everyone who reaches the address may use it. See `tokenFinding`. */
  readonly token: string | null;
  /** `null`: no events are taken. */
  readonly ingestToken: string | null;
  /** The controller's own metrics as Prometheus reads them. */
  readonly metrics: () => string | Promise<string>;
  /** Milliseconds of the epoch. */
  readonly now: () => number;
  /** The address of a request's connection, from what the server passes along with it. */
  readonly addressOf: AddressOf;
  /** Takes what was thrown while a request was served. Its answer says nothing of it. */
  readonly onFault: (error: unknown) => void;
  /** The files of the page; `null` where it is not built. */
  readonly page: PageFiles | null;
  /** Ends all streams when it aborts. */
  readonly ending: AbortSignal;
  /** How long a request may take, in milliseconds, but for a stream of events. Default 30,000. */
  readonly limitMs?: number | undefined;
  /** How long a stream is quiet before a comment keeps it open, in milliseconds. Default 15,000. */
  readonly quietMs?: number | undefined;
}

const INGEST_STATUS = {
  "no-source": 404,
  "not-understood": 400,
  "too-large": 413,
  busy: 503,
} as const satisfies Record<IngestRefusal, number>;

const NOT_FOUND = (): Response => refuse("not-found", "There is no such environment.");
const TOO_LARGE = (): Response => refuse("too-large", "The body is too large.");

/** The view of an environment. @throws HTTPException where there is no such environment. */
function viewIn(environments: Environments, name: string): EnvironmentView {
  const view = environments.view(name);
  if (view !== null) return view;
  throw new HTTPException(404, { res: NOT_FOUND() });
}

/** Creates the HTTP API of a controller. */
export function createApi(options: ApiOptions): OpenAPIHono {
  const { environments, token, ingestToken, limitMs = 30_000, quietMs = 15_000 } = options;
  const failed = createFailedTokens(options.now);
  const sameOrigin = fromSameOrigin(token !== null);
  const needsToken = withToken(token, failed, options.addressOf);
  let streams = 0;
  let isRecording = false;

  const app = new OpenAPIHono({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      const findings = result.error.issues.map(
        ({ path, message }) => `${path.join(".") || "the body"}: ${message}`,
      );
      return context.json(refusal("bad-request", findings.join("; ")), 400);
    },
  });

  app.use(async (context, next) => {
    await next();
    // Files of the page say themselves how long they may be kept.
    if (!context.res.headers.has("cache-control")) context.header("cache-control", "no-store");
    context.header("x-content-type-options", "nosniff");
  });
  app.onError((error) => {
    if (error instanceof DeadlineError) {
      return refuse("timed-out", "No answer in time. It may still be carried out.");
    }
    if (error instanceof HTTPException && error.res !== undefined) return error.res;
    if (error instanceof HTTPException && error.status === 400) {
      return refuse("bad-request", "The body is not valid JSON.");
    }
    options.onFault(error);
    return refuse("internal", "The controller could not serve this request.");
  });
  app.notFound(() => refuse("not-found", "There is no such resource."));

  app.get("/healthz", (context) => context.text("ok\n"));
  app.get("/readyz", (context) =>
    environments.isReady() ? context.text("ready\n") : context.text("not ready\n", 503),
  );
  app.get("/metrics", sameOrigin, needsToken, async (context) => {
    const text = await withDeadline(limitMs, async () => options.metrics());
    return context.body(text, 200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
  });

  // Fastly asks it before it posts logs. Any of its services may: events need the token as well.
  app.get("/.well-known/fastly/logging/challenge", (context) =>
    ingestToken === null ? context.notFound() : context.text("*\n"),
  );
  app.use("/api/v1/ingest/*", async (context, next) => {
    if (ingestToken !== null) {
      return withToken(ingestToken, failed, options.addressOf)(context, next);
    }
    return refuse("forbidden", "No events are taken: INGEST_TOKEN is not set.");
  });
  app.use("/api/v1/ingest/*", bodyLimit({ maxSize: MOST_POSTED, onError: TOO_LARGE }));
  app.use("/api/v1/environments/*", sameOrigin, needsToken);
  app.use("/api/v1/environments", sameOrigin, needsToken);
  app.use("/api/v1/openapi.json", sameOrigin, needsToken);
  app.use("/api/v1/environments/:name/commands", async (context, next) => {
    const type = context.req.header("content-type") ?? "";
    // Only a page of the same origin can send JSON without being asked for leave.
    return context.req.method !== "POST" || /^application\/json\s*(?:;|$)/i.test(type)
      ? next()
      : refuse("unsupported", "A command is sent as application/json.");
  });
  app.use(
    "/api/v1/environments/:name/commands",
    bodyLimit({ maxSize: MOST_COMMAND, onError: TOO_LARGE }),
  );

  app.openapi(LIST, (context) => {
    const views = environments.names().flatMap((name) => environments.view(name) ?? []);
    return context.json({ environments: views }, 200);
  });
  app.openapi(SHOW, (context) => {
    return context.json(viewIn(environments, context.req.valid("param").name), 200);
  });
  app.openapi(HISTORY, async (context) => {
    const { name } = context.req.valid("param");
    viewIn(environments, name);
    const wish = wishOf(context.req.valid("query"), options.now());
    return context.json(await environments.history(name, wish), 200);
  });
  app.openapi(RECORDING, (context) => {
    const { name } = context.req.valid("param");
    const range = rangeOf(context.req.valid("query"), options.now());
    viewIn(environments, name);
    const lines = environments.recording(name, range);
    if (lines === null) throw new HTTPException(404, { res: NOT_FOUND() });
    // As for a stream of events.
    if (context.req.raw.method === "HEAD") return context.body(null, 200);
    if (isRecording) {
      return context.json(refusal("too-many", "Another recording is being sent."), 503);
    }
    isRecording = true;
    return recordingResponse(lines, () => void (isRecording = false));
  });
  app.openapi(NOTIFICATIONS, (context) => {
    const { name } = context.req.valid("param");
    viewIn(environments, name);
    return context.json(environments.notifications(name), 200);
  });
  app.openapi(EVENTS, (context) => {
    const { name } = context.req.valid("param");
    viewIn(environments, name);
    // Nobody reads the stream of such a request, and so nobody would end it.
    if (context.req.raw.method === "HEAD") return context.body(null, 200);
    if (streams >= MOST_STREAMS) {
      return context.json(refusal("too-many", "Too many streams are open."), 503);
    }
    streams += 1;
    const onEnd = (): void => void (streams -= 1);
    const { ending } = options;
    return eventStream(context, environments, name, { quietMs, ending, onEnd });
  });
  app.openapi(COMMAND, async (context) => {
    const { name } = context.req.valid("param");
    const request = context.req.valid("json");
    viewIn(environments, name);
    const answer = await withDeadline(limitMs, async () => environments.command(name, request));
    return answer.accepted ? context.json(answer, 200) : context.json(answer, 409);
  });
  app.openapi(INGEST, async (context) => {
    const { name } = context.req.valid("param");
    viewIn(environments, name);
    const answer = await withDeadline(limitMs, async (): Promise<IngestAnswer> => {
      const posted = await readPosted(new Uint8Array(await context.req.arrayBuffer()));
      const type = context.req.header("content-type") ?? "";
      if (posted.kind === "read") return environments.ingest(name, posted.body, type);
      const sentence = "The compressed events cannot be read, or are too large.";
      return { kind: "refused", reason: posted.kind, sentence };
    });
    if (answer.kind === "taken") return context.json(answer, 200);
    return context.json(answer, INGEST_STATUS[answer.reason]);
  });
  describeApi(app);
  servePage(app, options.page);
  return app;
}

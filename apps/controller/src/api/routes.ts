import { environmentList, errorAnswer } from "@edgezero/control-api/answers";
import { commandAnswer, commandRequest } from "@edgezero/control-api/command";
import { environmentView } from "@edgezero/control-api/environment-view";
import { history } from "@edgezero/control-api/history";
import { ingestRefused, ingestTaken } from "@edgezero/control-api/ingest";
import { notifications } from "@edgezero/control-api/notifications";
import { createRoute, z } from "@hono/zod-openapi";

/** Of type string: the types of the library take it for JSON otherwise. */
const NDJSON: string = "application/x-ndjson";
const MOMENT = "a time such as 2026-11-26T12:00:00Z, or milliseconds of the epoch";
const POINTS = "a whole number from 10 to 10000";
const params = z.object({ name: z.string().meta({ description: "The environment." }) });
const security = [{ token: [] }];

const moment = z
  .string()
  .regex(/^(?:\d{1,15}|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))$/, MOMENT)
  .transform((text) => (/^\d+$/.test(text) ? Number(text) : Date.parse(text)))
  .refine((at) => !Number.isNaN(at), MOMENT)
  .optional();
const rangeQuery = z.object({
  from: moment.meta({ description: `${MOMENT}. Default: 30 days ago.` }),
  to: moment.meta({ description: `${MOMENT}, which is not in it any more. Default: now.` }),
});
const historyQuery = rangeQuery.extend({
  points: z
    .string()
    .regex(/^\d{1,5}$/, POINTS)
    .transform(Number)
    .refine((points) => points >= 10 && points <= 10_000, POINTS)
    .optional()
    .meta({ description: `${POINTS}. Default: 600.` }),
});

/** A response with a JSON body. */
function json<Schema extends z.ZodType>(
  description: string,
  schema: Schema,
): { description: string; content: { "application/json": { schema: Schema } } } {
  return { description, content: { "application/json": { schema } } };
}

const refused = {
  401: json("The token is missing or wrong.", errorAnswer),
  403: json("A page of another origin.", errorAnswer),
  429: json("Too many wrong tokens.", errorAnswer),
} as const;
const unknown = { 404: json("There is no such environment.", errorAnswer) } as const;

export const LIST = createRoute({
  method: "get",
  path: "/api/v1/environments",
  summary: "All environments",
  security,
  responses: { 200: json("The view of each.", environmentList), ...refused },
});

export const SHOW = createRoute({
  method: "get",
  path: "/api/v1/environments/{name}",
  summary: "One environment",
  security,
  request: { params },
  responses: { 200: json("Its view.", environmentView), ...refused, ...unknown },
});

export const HISTORY = createRoute({
  method: "get",
  path: "/api/v1/environments/{name}/history",
  summary: "How it went",
  description:
    "The configured and the observed share over time, with each signal's value and the states, oldest first. With no query: every reading of the last day, and fewer of the 29 days before.",
  security,
  request: { params, query: historyQuery },
  responses: {
    200: json("Columns of numbers.", history),
    400: json("The query is not valid.", errorAnswer),
    ...refused,
    ...unknown,
  },
});

export const RECORDING = createRoute({
  method: "get",
  path: "/api/v1/environments/{name}/recording",
  summary: "The windows of evidence",
  description:
    "NDJSON by recording.schema.json, for the command `replay`: windows that were counted as they are now, in which one percentage was in force.",
  security,
  request: { params, query: rangeQuery },
  responses: {
    200: {
      description: "The recording.",
      content: { [NDJSON]: { schema: z.string() } },
    },
    400: json("The query is not valid.", errorAnswer),
    ...refused,
    ...unknown,
    503: json("Another recording is being sent.", errorAnswer),
  },
});

export const NOTIFICATIONS = createRoute({
  method: "get",
  path: "/api/v1/environments/{name}/notifications",
  summary: "Whom it tells of incidents",
  description: "The receivers, the incidents that last, and the messages that nobody got.",
  security,
  request: { params },
  responses: { 200: json("What became of the messages.", notifications), ...refused, ...unknown },
});

export const EVENTS = createRoute({
  method: "get",
  path: "/api/v1/environments/{name}/events",
  summary: "Views as they change",
  description:
    "Server-sent events named `view`, whose data is an Environment. After a break, `Last-Event-ID` goes on after the last one; where that is not known any more, the present view comes first.",
  security,
  request: { params, headers: z.object({ "last-event-id": z.string().optional() }) },
  responses: {
    200: {
      description: "The stream.",
      content: { "text/event-stream": { schema: z.string() } },
    },
    ...refused,
    ...unknown,
    503: json("Too many streams are open.", errorAnswer),
  },
});

export const COMMAND = createRoute({
  method: "post",
  path: "/api/v1/environments/{name}/commands",
  summary: "Ask for a command",
  description:
    "A second request with an id gets the answer to the first one, for 24 hours or until 500 later commands, also after a restart of the controller. A refusal that only the moment gives, such as that the store was not read yet, is not kept.",
  security,
  request: {
    params,
    body: { required: true, content: { "application/json": { schema: commandRequest } } },
  },
  responses: {
    200: json("It was taken.", commandAnswer),
    409: json("It was refused, and why.", commandAnswer),
    400: json("The request is not valid.", errorAnswer),
    413: json("The body is too large.", errorAnswer),
    415: json("The body is not JSON.", errorAnswer),
    503: json(
      "No answer in time. It may still be carried out: ask again with its id.",
      errorAnswer,
    ),
    ...refused,
    ...unknown,
  },
});

export const INGEST = createRoute({
  method: "post",
  path: "/api/v1/ingest/{name}",
  summary: "Post decision events",
  description: "NDJSON, also compressed by gzip. It has a token of its own.",
  security: [{ ingestToken: [] }],
  request: {
    params,
    body: {
      required: true,
      content: { "application/x-ndjson": { schema: z.string() } },
    },
  },
  responses: {
    200: json(
      "They were taken. Events that were there before are told apart by their id.",
      ingestTaken,
    ),
    400: json("They are not understood.", ingestRefused),
    401: refused[401],
    403: json("No token for events is set, or a page of another origin.", errorAnswer),
    404: json(
      "There is no such environment, or it takes no events.",
      z.union([ingestRefused, errorAnswer]),
    ),
    413: json("They are too large.", z.union([ingestRefused, errorAnswer])),
    429: refused[429],
    503: json(
      "Busy, or no answer in time. Post them again.",
      z.union([ingestRefused, errorAnswer]),
    ),
  },
});

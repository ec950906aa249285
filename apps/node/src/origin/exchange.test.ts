import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { beforeEach, describe, expect, test } from "vitest";
import { OriginExchange } from "./exchange.ts";
import type { OriginAnswer, Outgoing } from "./handler.ts";

/** More than a response buffers before it asks for a pause. */
const LARGE = Buffer.alloc(70 * 1024);
const SMALL = Buffer.from("hello");
const FAULT = new Error("reset");

let calls: string[];
let outgoing: Outgoing;
let exchange: OriginExchange;
let answer: OriginAnswer | undefined;

const controller = {
  aborted: false,
  paused: false,
  reason: null,
  rawHeaders: [],
  rawTrailers: [],
  pause: () => void calls.push("pause"),
  resume: () => void calls.push("resume"),
  abort: () => void calls.push("abort"),
};

beforeEach(() => {
  calls = [];
  answer = undefined;
  begin("GET");
});

function begin(method: string): void {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  outgoing = Object.assign(response, { isBrokenOff: false });
  exchange = new OriginExchange(method, outgoing, {
    onAnswer: (given) => void (answer = given),
    onFault: ({ message }) => void calls.push(`fault: ${message}`),
  });
  exchange.onRequestStart(controller);
}

const headers = (status = 200): void => exchange.onResponseStart(controller, status, {}, "OK");
const data = (chunk: Buffer): void => exchange.onResponseData(controller, chunk);
const end = (): void => exchange.onResponseEnd();
const fault = (): void => exchange.onResponseError(controller, FAULT);
const send = (): void => answer?.body?.sendBody();
const clientGoes = (): void => void outgoing.emit("close");
const clientDrains = (): void => void outgoing.emit("drain");

function toldClient(): { ended: boolean; brokenOff: boolean } {
  return { ended: outgoing.writableEnded, brokenOff: outgoing.isBrokenOff };
}

const WHOLE = { ended: true, brokenOff: false };
const BROKEN = { ended: false, brokenOff: true };
const OPEN = { ended: false, brokenOff: false };

describe("the state of an exchange", () => {
  test.each([
    { state: "waiting", steps: [], onFault: OPEN, said: ["fault: reset"] },
    { state: "buffering", steps: [headers], onFault: BROKEN, said: ["fault: reset"] },
    { state: "sending", steps: [headers, send], onFault: BROKEN, said: ["fault: reset"] },
    { state: "buffered", steps: [headers, end], onFault: OPEN, said: [] },
    { state: "ended", steps: [headers, send, end], onFault: WHOLE, said: [] },
  ])("$state: a fault", ({ steps, onFault, said }) => {
    for (const step of steps) step();
    calls = [];
    fault();
    expect([toldClient(), calls]).toEqual([onFault, said]);
    fault();
    expect(calls).toEqual(said);
  });

  test.each([
    { state: "waiting", steps: [], said: ["abort"] },
    { state: "buffering", steps: [headers], said: ["abort"] },
    { state: "sending", steps: [headers, send], said: ["abort"] },
    { state: "buffered", steps: [headers, end], said: [] },
    { state: "ended", steps: [headers, send, end], said: [] },
    { state: "ended without a body", steps: [() => headers(204)], said: [] },
  ])("$state: the client goes away", ({ steps, said }) => {
    for (const step of steps) step();
    calls = [];
    clientGoes();
    expect(calls).toEqual(said);
  });

  test("buffering: the origin is paused at 64 KiB, and resumed by a client that takes them", () => {
    headers();
    data(SMALL);
    expect(calls).toEqual([]);
    data(LARGE);
    expect(calls).toEqual(["pause"]);
    send();
    // The client has not taken them yet.
    expect(calls).toEqual(["pause", "pause"]);
    clientDrains();
    expect(calls).toEqual(["pause", "pause", "resume"]);
  });

  test("held: what comes all the same is sent, with one pause and one resume", () => {
    headers();
    send();
    calls = [];
    data(LARGE);
    data(SMALL);
    expect(calls).toEqual(["pause"]);
    clientDrains();
    expect(calls).toEqual(["pause", "resume"]);
    expect(toldClient()).toEqual(OPEN);
  });

  test("held: the end of the body ends the response, and a drain after it resumes nothing", () => {
    headers();
    send();
    data(LARGE);
    end();
    calls = [];
    clientDrains();
    expect([toldClient(), calls]).toEqual([WHOLE, []]);
  });

  test("held: a fault breaks off the response", () => {
    headers();
    send();
    data(LARGE);
    fault();
    expect(toldClient()).toEqual(BROKEN);
  });

  test("buffered: a body that is there is sent whole, and never paused", () => {
    headers();
    data(LARGE);
    end();
    calls = [];
    send();
    expect([toldClient(), calls]).toEqual([WHOLE, []]);
  });

  test("a fault before the body is asked for leaves nothing to send", () => {
    headers();
    data(SMALL);
    fault();
    send();
    expect(toldClient()).toEqual(BROKEN);
  });

  test("a client that is gone already has nothing to break off, and no fault is reported", () => {
    headers();
    outgoing.destroy();
    fault();
    expect([toldClient(), calls]).toEqual([OPEN, []]);
  });

  test.each([
    ["GET", 204],
    ["GET", 304],
    ["HEAD", 200],
  ])("%s %d has no body, whatever follows", (method, status) => {
    begin(method);
    headers(status);
    expect(answer?.body).toBeNull();
    data(LARGE);
    fault();
    end();
    expect([toldClient(), calls]).toEqual([OPEN, []]);
  });

  test("an early response is not the answer", () => {
    headers(103);
    expect(answer).toBeUndefined();
    headers(200);
    expect(answer?.status).toBe(200);
  });
});

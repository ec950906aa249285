import { expect, test } from "vitest";
import { recordingLogger } from "@edgezero/testbed/recording-logger";
import { createOriginFaultLog, faultCode } from "./origin-fault-log.ts";

const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
const expired = Object.assign(new Error("certificate has expired"), { code: "CERT_HAS_EXPIRED" });

/** A line of the log, for people who look at info and above. */
function line(kind: string, code: string, error: string, count: number): unknown {
  const fields = { path: "edgezero", kind, code, error, count };
  return { level: "warn", message: "the origin failed", fields };
}

test("each code has one line a minute, with the count since the line before", () => {
  let nowMs = 0;
  const logger = recordingLogger();
  const said = (): unknown[] => logger.lines.filter(({ level }) => level === "warn");
  const log = createOriginFaultLog("edgezero", logger, () => nowMs);
  for (let i = 0; i < 3; i++) log("refused", refused);
  log("tls", expired);
  expect(said()).toEqual([
    line("refused", "ECONNREFUSED", "connect ECONNREFUSED", 1),
    line("tls", "CERT_HAS_EXPIRED", "certificate has expired", 1),
  ]);
  nowMs = 60_000;
  log("refused", new AggregateError([refused], "all failed"));
  expect(said().at(-1)).toEqual(line("refused", "ECONNREFUSED", "all failed", 3));
});

test.each([
  { name: "a fault with a code", fault: refused, code: "ECONNREFUSED" },
  { name: "several faults", fault: new AggregateError([refused]), code: "ECONNREFUSED" },
  { name: "several faults of no number", fault: new AggregateError([]), code: "" },
  { name: "a fault without a code", fault: new TypeError("x"), code: "TypeError" },
  { name: "a text", fault: "x", code: "" },
])("the code of $name", ({ fault, code }) => {
  expect(faultCode(fault)).toBe(code);
});

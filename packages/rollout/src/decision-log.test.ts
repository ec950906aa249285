import { describe, expect, test } from "vitest";
import { messages, recordingLogger } from "@edgezero/testbed/recording-logger";
import { answers, cannotBeOpened, storeOf, storeThat, throws } from "../test/scripted-store.ts";
import { testGateway, URL_OF_SITE } from "../test/test-gateway.ts";

const NO_IP = "no client IP available, using empty routing key (deterministic bucket 61)";
const ABSENT = "edgezero_rollout_pct key absent, defaulting to 0 (legacy path — fail safe)";
const AT_ZERO = "routing request through legacy path (rollout_pct=0)";
const DISABLED = "routing request through legacy path (edgezero_enabled=false)";
const CUTOVER = "routing request through EdgeZero path (rollout_pct=100)";

/** What is logged while one request is served. */
async function logOf(
  store: Parameters<typeof storeThat>,
  { ip, debugOn }: { ip: string | null | undefined; debugOn?: boolean } = { ip: "1.2.3.4" },
) {
  const logger = recordingLogger();
  const isLevelEnabled = (): boolean => debugOn !== false;
  const configStore = storeThat(...store);
  const send = testGateway({
    configStore,
    logger: debugOn === undefined ? logger : { ...logger, isLevelEnabled },
  });
  await send(new Request(URL_OF_SITE), { ip });
  return logger;
}

const on = answers("1");
const broken = throws(new Error("broken"));

describe("at debug", () => {
  const rows = [
    { reason: "store-unavailable", store: [cannotBeOpened, broken], lines: [DISABLED] },
    { reason: "flag-unreadable", store: [broken, broken], lines: [DISABLED] },
    { reason: "disabled", store: [answers("0"), broken], lines: [DISABLED] },
    { reason: "pct-unreadable", store: [on, broken], lines: [AT_ZERO] },
    { reason: "pct-absent", store: [on, answers(null)], lines: [ABSENT, AT_ZERO] },
    { reason: "pct-invalid", store: [on, answers("x")], lines: [AT_ZERO] },
    { reason: "rollback", store: [on, answers("0")], lines: [AT_ZERO] },
    { reason: "cutover", store: [on, answers("100")], lines: [CUTOVER] },
    {
      reason: "bucket",
      store: [on, answers("85")],
      lines: ["routing request through legacy path (bucket=85, rollout_pct=85)"],
    },
    {
      reason: "bucket",
      store: [on, answers("86")],
      lines: ["routing request through EdgeZero path (bucket=85, rollout_pct=86)"],
    },
  ] as const;

  test.each(rows)("$reason: $lines", async ({ reason, store: [flag, pct], lines }) => {
    const logger = await logOf([flag, pct]);
    expect(messages(logger, "debug")).toEqual(lines);
    expect(logger.lines.at(-1)?.fields).toMatchObject({ reason });
  });

  test.each(rows)("$reason: a logger whose debug is on gets $lines", async ({ store, lines }) => {
    const logger = await logOf([...store], { ip: "1.2.3.4", debugOn: true });
    expect(messages(logger, "debug")).toEqual(lines);
  });

  test.each(rows)("$reason: a logger whose debug is off gets no debug line", async ({ store }) => {
    const logger = await logOf([...store], { ip: "1.2.3.4", debugOn: false });
    expect(messages(logger, "debug")).toEqual([]);
  });

  test.each([null, undefined, "", "unknown", "1.2.3.4:80"])(
    "a client whose address is %j is said to have none, where it is decided by bucket",
    async (ip) => {
      const lines = messages(await logOf([on, answers("61")], { ip }), "debug");
      const routing = "routing request through legacy path (bucket=61, rollout_pct=61)";
      expect(lines).toEqual([NO_IP, routing]);
      expect(messages(await logOf([on, answers("100")], { ip }), "debug")).toEqual([CUTOVER]);
      expect(messages(await logOf([on, answers("0")], { ip }), "debug")).toEqual([AT_ZERO]);
    },
  );
});

test.each(["0", "100", "50", null])(
  "nothing is logged above debug for a healthy decision at %s %",
  async (pct) => {
    const logger = await logOf([on, answers(pct)]);
    expect(new Set(logger.lines.map(({ level }) => level))).toEqual(new Set(["debug"]));
  },
);

test.each(["203.0.113.7", "2001:db8::77", "::ffff:203.0.113.7"])(
  "no line at any level names the client %s",
  async (ip) => {
    const stores = [
      ...["0", "1", "50", "99", "100", "x", null].map((pct) => [on, answers(pct)] as const),
      ...[broken, cannotBeOpened, answers("0")].map((flag) => [flag, broken] as const),
    ];
    const logs = await Promise.all(stores.map(([flag, pct]) => logOf([flag, pct], { ip })));
    const text = JSON.stringify(logs.flatMap(({ lines }) => lines));
    expect(text).toContain("routing request through");
    expect(text).not.toMatch(/203\.0\.113|cb00:?71|2001:|db8/i);
    expect(text).not.toContain("site.example");
  },
);

test("a gateway without a logger serves", async () => {
  expect((await testGateway({ configStore: storeOf("1", "x") })()).status).toBe(200);
});

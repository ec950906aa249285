import { describe, expect, test } from "vitest";
import { attributedGateway } from "../../test/attributed-gateway.ts";
import { answers, cannotBeOpened, storeOf, storeThat, throws } from "../../test/scripted-store.ts";

const broken = throws(new Error("broken"));
const on = answers("1");

// The epochs were computed by another program: FNV-1a in Python, over the two values as they are stored.
describe("with detail, a response says how it was decided", () => {
  test.each([
    [cannotBeOpened, broken, "reason=store-unavailable; pct=0; epoch=1c688171"],
    [broken, broken, "reason=flag-unreadable; pct=0; epoch=1c688171"],
    [answers(null), on, "reason=disabled; pct=0; epoch=b813f71e"],
    [answers("0"), on, "reason=disabled; pct=0; epoch=9710c3d"],
    [on, broken, "reason=pct-unreadable; pct=0; epoch=52e45236"],
    [on, answers(null), "reason=pct-absent; pct=0; epoch=7e300083"],
    [on, answers("x"), "reason=pct-invalid; pct=0; epoch=2afd5c2e"],
    [on, answers("0"), "reason=rollback; pct=0; epoch=e2fcead6"],
    [on, answers("100"), "reason=cutover; pct=100; epoch=2a1173b1"],
    [on, answers("10"), "reason=bucket; pct=10; bucket=85; epoch=4028101b"],
    [on, answers("86"), "reason=bucket; pct=86; bucket=85; epoch=44395f88"],
  ] as const)("%o, %o: %s", async (flag, pct, header) => {
    const configStore = storeThat(flag, pct);
    const { send } = attributedGateway({ attribution: "detail", sinks: [] }, { configStore });
    expect((await send()).headers.get("x-edgezero-decision")).toBe(header);
  });

  test.each([
    ["10", "reason=stale-bucket; pct=10; bucket=85; epoch=4028101b"],
    ["0", "reason=stale-rollback; pct=0; epoch=e2fcead6"],
    ["100", "reason=stale-cutover; pct=100; epoch=2a1173b1"],
  ])("while stale at %s: %s", async (pct, header) => {
    let flag = on;
    const configStore = storeThat(() => flag(), answers(pct));
    const options = { configStore, staleIfErrorMs: 1000 };
    const { send } = attributedGateway({ attribution: "detail" }, options);
    await send();
    flag = broken;
    expect((await send()).headers.get("x-edgezero-decision")).toBe(header);
  });

  test("forced, with the percentage that would have been applied", async () => {
    const { send } = attributedGateway(
      { attribution: "detail", override: () => "edgezero" },
      { configStore: storeOf("1", "10") },
    );
    expect((await send()).headers.get("x-edgezero-decision")).toBe(
      "reason=forced; pct=10; epoch=4028101b",
    );
  });
});

test.each(["path", undefined] as const)(
  "with %s, a response says only its path",
  async (detail) => {
    const { send } = attributedGateway({ attribution: detail });
    const { headers } = await send();
    expect(headers.get("x-edgezero-path")).toBe("edgezero");
    expect(headers.has("x-edgezero-decision")).toBe(false);
  },
);

test("an origin's own header of the name does not stand", async () => {
  const headers = { "x-edgezero-decision": "reason=origin" };
  const edgezero = () => new Response(null, { headers });
  const { send } = attributedGateway({ attribution: "detail" }, { edgezero });
  expect((await send()).headers.get("x-edgezero-decision")).toBe(
    "reason=cutover; pct=100; epoch=2a1173b1",
  );
});

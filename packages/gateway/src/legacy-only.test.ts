import type { LogFields, Logger } from "@edgezero/rollout";
import { expect, test } from "vitest";
import { answerWithoutSetting, createLegacyOnly } from "./legacy-only.ts";

const findings = ["FORCE_SECRET", "UPSTREAM_TIMEOUT_MS"].map((setting) => ({
  setting,
  message: `${setting} is "x": it must be another`,
}));
const greet = (): Response => new Response("legacy");
const client = { ip: "192.0.2.1" };

function recordingLogger(lines: string[]): Logger {
  const at =
    (level: string) =>
    (message: string, fields?: LogFields): void =>
      void lines.push(`${level}: ${message}${fields === undefined ? "" : JSON.stringify(fields)}`);
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

test("every request goes to legacy, and one error names each setting", async () => {
  const lines: string[] = [];
  const handle = createLegacyOnly({
    findings,
    legacy: greet,
    healthPath: "/health",
    pathHeader: "always",
    logger: recordingLogger(lines),
  });
  expect(lines).toEqual([]);
  for (let i = 0; i < 3; i++) {
    const response = await handle(new Request("http://site.example/"), client);
    expect([await response.text(), response.headers.get("x-edgezero-path")]).toEqual([
      "legacy",
      "legacy",
    ]);
  }
  expect(lines).toEqual([
    'error: every request goes to legacy: FORCE_SECRET is "x": it must be another\nUPSTREAM_TIMEOUT_MS is "x": it must be another',
  ]);
});

test.each([
  { healthPath: "/health", path: "/health", answer: [200, "ok"] },
  { healthPath: "/-/alive", path: "/-/alive", answer: [200, "ok"] },
  { healthPath: "/-/alive", path: "/health", answer: [200, "legacy"] },
  { healthPath: undefined, path: "/health", answer: [200, "legacy"] },
] as const)(
  "with the health check at $healthPath, $path is answered $answer",
  async ({ healthPath, path, answer }) => {
    const handle = createLegacyOnly({
      findings,
      legacy: greet,
      healthPath,
      pathHeader: "always",
      logger: recordingLogger([]),
    });
    const response = await handle(new Request(`http://site.example${path}`), client);
    expect([response.status, await response.text()]).toEqual(answer);
  },
);

test("where legacy cannot serve, the answer is 500 with the setting's name", async () => {
  const response = answerWithoutSetting("LEGACY_ORIGIN");
  expect(response.status).toBe(500);
  expect(await response.text()).toContain("the setting LEGACY_ORIGIN is not valid");
});

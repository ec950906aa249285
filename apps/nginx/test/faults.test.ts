import { describeWithProgram } from "@edgezero/testbed/describe-with-program";
import { send } from "@edgezero/testbed/http-client";
import { nginxMissing } from "@edgezero/testbed/nginx/nginx";
import { expect, test } from "vitest";
import { enabledAt, setStage, total } from "./stage.ts";

/** Functions that break, one at a time, and what is lost then. */
const BROKEN = [
  { broken: "decide.path", path: "legacy" },
  { broken: "variables.begins_with", path: "legacy" },
  { broken: "translation.translate", path: "edgezero" },
  { broken: "event.of", path: "edgezero" },
] as const;

describeWithProgram(nginxMissing ?? null, "a fault of the Lua", () => {
  test.each(BROKEN)("in $broken fails no request, and is counted", async ({ broken, path }) => {
    const [module, name] = broken.split(".");
    const stage = await setStage({
      afterSetup: `require("edgezero.${module}").${name} = function() error("it broke") end`,
    });
    try {
      await stage.obeyed(enabledAt(100));
      for (let i = 0; i < 20; i++) {
        const answer = await send(stage.gateway.url);
        expect([answer.status, answer.path, answer.text]).toEqual([200, path, path]);
      }
      await expect.poll(async () => total(stage, "edgezero_lua_faults_total")).toBe(20);
      const said = () => stage.lines.filter((line) => line.includes("it broke"));
      await expect.poll(said).not.toEqual([]);
      await expect.poll(async () => total(stage, "edgezero_open_connections")).toBe(0);
      expect(said()).toHaveLength(1);
    } finally {
      await stage.close();
    }
  });
});

import { FAIL_SAFE_CASES } from "@edgezero/conformance/fail-safe-cases";
import type { ReasonFacts } from "@edgezero/rollout";
import { REASONS } from "@edgezero/rollout";
import { code, table } from "../markdown.ts";

/** The fail-safe table: every row that the conformance suite runs on every runtime. */
export function failSafeSection(): string {
  const rows = Map.groupBy(FAIL_SAFE_CASES, ({ row, path, reason }) =>
    JSON.stringify([row, path, code(reason)]),
  );
  return table(
    ["what the store says", "for example", "path", "reason"],
    [...rows].map(([key, cases]) => {
      const [row = "", path = "", reason = ""] = JSON.parse(key) as string[];
      const kinds = new Set(cases.map(({ what }) => what.split(" ")[0]));
      const examples = new Set(cases.map(({ what }) => example(what, kinds.size > 1)));
      return [row, [...examples].join(", "), path, reason];
    }),
  );
}

/** Escapes invisible characters of a value. Shows the key before it if a row has both keys. */
function example(what: string, withKey: boolean): string {
  const value = /"[^]*"$/.exec(what)?.[0];
  if (value === undefined) return what;
  const key = withKey ? what.slice(0, -value.length) : "";
  return (
    key +
    code(
      value.replaceAll(
        /[^ -~]/g,
        (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
      ),
    )
  );
}

/** The reasons, from the core's own table of them. */
export function reasonsSection(): string {
  return table(
    ["reason", "what it means", "path", "fault", "store was read", "log level", "while stale"],
    Object.entries(REASONS).map(([reason, facts]) => [
      code(reason),
      facts.meaning,
      PATHS[facts.path],
      yesOrNo(facts.isFault),
      yesOrNo(facts.wasRead),
      facts.level,
      facts.stale === undefined ? "" : code(facts.stale),
    ]),
  );
}

const PATHS: Readonly<Record<ReasonFacts["path"], string>> = {
  legacy: "legacy",
  edgezero: "edgezero",
  both: "either",
};

function yesOrNo(answer: boolean | null): string {
  return answer === null ? "" : answer ? "yes" : "no";
}

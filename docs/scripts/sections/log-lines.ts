import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { FAIL_SAFE_CASES } from "@edgezero/conformance/fail-safe-cases";
import type { ConfigStore, LogFields, Logger } from "@edgezero/rollout";
import { ConfigStoreUnavailableError, createRolloutHandler } from "@edgezero/rollout";
import type { Node } from "oxc-parser";
import { Visitor } from "oxc-parser";
import { parse } from "../declarations.ts";
import { GATEWAYS } from "../gateways.ts";
import { code, table } from "../markdown.ts";
import { REPOSITORY } from "../pages.ts";

const LEVELS = ["debug", "info", "warn", "error"] as const;
type Level = (typeof LEVELS)[number];
type Line = { readonly level: Level; readonly message: string; readonly fields: LogFields };
type Case = (typeof FAIL_SAFE_CASES)[number];

/** The core's log lines for one request, in each row of the fail-safe table. The core writes them. */
export async function decisionLinesSection(): Promise<string> {
  const rows = new Map(FAIL_SAFE_CASES.map((each) => [each.row, each]));
  const found: string[][] = [];
  const add = (row: string, lines: readonly Line[]): void => {
    for (const { level, message, fields } of lines) {
      found.push([row, level, code(message), Object.keys(fields).map(code).join(", ")]);
    }
  };
  for (const [row, theCase] of rows) add(row, await linesOf(theCase, "10.20.30.130"));
  const byBucket = FAIL_SAFE_CASES.find(({ reason }) => reason === "bucket");
  if (byBucket !== undefined) add("no client address", await linesOf(byBucket, null));
  return table(["while", "level", "line", "fields"], found);
}

async function linesOf(theCase: Case, ip: string | null): Promise<Line[]> {
  const lines: Line[] = [];
  const at =
    (level: Level) =>
    (message: string, fields: LogFields = {}): void =>
      void lines.push({ level, message, fields });
  const logger: Logger = {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
  };
  const handle = createRolloutHandler({
    configStore: storeOf(theCase),
    legacy: () => new Response(),
    edgezero: () => new Response(),
    logger,
  });
  await handle(new Request("http://localhost/"), { ip });
  return lines;
}

function storeOf({ store }: Case): ConfigStore {
  return {
    get(key) {
      if (store === null) throw new ConfigStoreUnavailableError("no such store");
      if (!("unreadable" in store)) return (store as Record<string, string>)[key] ?? null;
      if (key === store.unreadable) throw new Error("connection reset");
      return "true";
    },
  };
}

/** The other log lines of the gateways: all calls of a logger in their sources. */
export function gatewayLinesSection(): string {
  const folders = [
    "packages/rollout",
    "packages/gateway",
    "packages/stores",
    // The one on nginx is written in another language.
    ...Object.keys(GATEWAYS)
      .filter((app) => app !== "nginx")
      .map((app) => `apps/${app}`),
  ];
  const rows = folders.flatMap((folder) => {
    const base = join(REPOSITORY, folder, "src");
    return readdirSync(base, { recursive: true, encoding: "utf8" })
      .filter((file) => /(?<!\.test|\.d)\.ts$/.test(file))
      .toSorted()
      .flatMap((file) => linesIn(join(base, file)));
  });
  return table(["level", "line", "fields", "source"], rows);
}

function linesIn(path: string): string[][] {
  const rows: string[][] = [];
  const { program } = parse(path);
  new Visitor({
    CallExpression({ callee, arguments: [message, fields] }) {
      if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
      const level = LEVELS.find((each) => each === (callee.property as { name?: string }).name);
      const isLogger = callee.object.type === "Identifier" && callee.object.name === "logger";
      const text = isLogger && level !== undefined ? literalText(message) : null;
      if (text === null || level === undefined) return;
      rows.push([
        level,
        code(text),
        fieldNames(fields).map(code).join(", "),
        code(relative(REPOSITORY, path)),
      ]);
    },
  }).visit(program);
  return rows;
}

/** The text of a message, with `…` for its variable parts; `null` if all of it is variable. */
function literalText(node: Node | undefined): string | null {
  if (node?.type === "Literal" && typeof node.value === "string") return node.value;
  if (node?.type !== "TemplateLiteral") return null;
  const text = node.quasis.map(({ value }) => value.cooked ?? "").join("…");
  return /[a-z]/i.test(text) ? text : null;
}

function fieldNames(node: Node | undefined): string[] {
  if (node?.type !== "ObjectExpression") return [];
  return node.properties.flatMap((property) =>
    property.type === "Property" && property.key.type === "Identifier"
      ? [property.key.name]
      : ["…"],
  );
}

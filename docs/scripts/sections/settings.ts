import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ATTRIBUTION_SETTINGS, parseTimeoutMs, readAttributionSettings } from "@edgezero/gateway";
import { parseSync } from "oxc-parser";
import { logLevel } from "@edgezero/fastly/log-level";
import { readSettings } from "@edgezero/node/settings";
import { code, table } from "../markdown.ts";
import { REPOSITORY } from "../pages.ts";

const HEAD = ["setting", "default", "what it is"];

/** The Node gateway's settings: defaults from the code, meanings from its README's table. */
export function nodeSection(): string {
  const readme = readFileSync(join(REPOSITORY, "apps", "node", "README.md"), "utf8");
  const rows = [...readme.matchAll(/^\| `([A-Z_]+)` +\| .+? +\| (.+?) +\|$/gm)];
  if (rows.length === 0) throw new Error("the Node gateway's README has no table of settings");
  const defaults = readSettings({}) as Readonly<Record<string, unknown>>;
  return table(
    HEAD,
    rows.map(([, name = "", meaning = ""]) => [code(name), nodeDefault(defaults[name]), meaning]),
  );
}

function nodeDefault(value: unknown): string {
  if (Array.isArray(value)) return shown(value.join(","));
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  return text.startsWith(REPOSITORY) ? code(relative(REPOSITORY, text)) : shown(text);
}

/** The Worker's settings: the `vars` of wrangler.jsonc, and the comments before them. */
export function cloudflareSection(): string {
  return table(
    HEAD,
    [...workerVars()].map(([name, { value, meaning }]) => [code(name), shown(value), meaning]),
  );
}

/** What the Fastly gateway is built with. Those that the Worker has too mean the same. */
export function fastlySection(): string {
  const worker = workerVars();
  const compile = readFileSync(join(REPOSITORY, "apps", "fastly", "scripts", "compile.ts"), "utf8");
  const own = [...compile.matchAll(/`\$\{PREFIX\}([A-Z_]+)`/g)].map(([, name = ""]) => name);
  if (own.length === 0) throw new Error("compile.ts names no settings");
  const defaults = fastlyDefaults(compile);
  const rows = [...ATTRIBUTION_SETTINGS, ...own].map((name) => [
    code(`EDGEZERO_${name}`),
    shown(defaults[name] ?? ""),
    FASTLY_MEANINGS[name] ?? worker.get(name)?.meaning ?? missing(name),
  ]);
  return table(HEAD, rows);
}

const FASTLY_MEANINGS: Readonly<Record<string, string>> = {
  LOG_LEVEL: "debug, info, warn, error or silent. In the simulator the default is `debug`.",
  EVENT_SAMPLE_RATE:
    "The share of events that are lines of the log endpoint, 0 to 1; each error is one. Empty: none is.",
  FORCE_WHEN_DISABLED: "`true`: a tester may force EdgeZero even while `edgezero_enabled` is off.",
  ORIGIN_TIMEOUT_MS: "How long an origin may take until it sends headers, in milliseconds.",
};

function fastlyDefaults(compile: string): Readonly<Record<string, string>> {
  const [, block = ""] = /const DEFAULTS = \{([^]*?)\}/.exec(compile) ?? [];
  const given = [...block.matchAll(/EDGEZERO_([A-Z_]+): "([^"]*)"/g)];
  const { service, attribution, sharedCaches, allowWhenDisabled } = readAttributionSettings(
    () => "",
  );
  return {
    SERVICE_NAME: service,
    ATTRIBUTION: attribution,
    SHARED_CACHES: sharedCaches,
    FORCE_WHEN_DISABLED: String(allowWhenDisabled),
    LOG_LEVEL: logLevel("", ""),
    ORIGIN_TIMEOUT_MS: String(parseTimeoutMs("")),
    ...Object.fromEntries(given.map(([, name, value]) => [name, value])),
  };
}

/** A setting of wrangler.jsonc. */
interface Var {
  readonly value: string;
  readonly meaning: string;
}

function workerVars(): Map<string, Var> {
  const source = `(${readFileSync(join(REPOSITORY, "apps", "cloudflare", "wrangler.jsonc"), "utf8")})`;
  const { program, comments } = parseSync("wrangler.js", source);
  const [statement] = program.body;
  const whole = statement?.type === "ExpressionStatement" ? statement.expression : null;
  const object = whole?.type === "ParenthesizedExpression" ? whole.expression : whole;
  const vars = propertiesOf(object).get("vars");
  let meaning = "";
  const found = new Map<string, Var>();
  let start = vars?.start ?? 0;
  for (const [name, value] of propertiesOf(vars)) {
    const own = comments.filter((comment) => comment.start > start && comment.end < value.start);
    // Two settings that follow one comment share it.
    if (own.length > 0) meaning = own.map((comment) => comment.value.trim()).join(" ");
    found.set(name, { value: value.type === "Literal" ? String(value["value"]) : "", meaning });
    start = value.end;
  }
  if (found.size === 0) throw new Error("wrangler.jsonc has no vars");
  return found;
}

type Expression = { readonly type: string; readonly start: number; readonly end: number } & Record<
  string,
  unknown
>;

function propertiesOf(object: unknown): Map<string, Expression> {
  const { properties = [] } = (object ?? {}) as { properties?: readonly Expression[] };
  return new Map(
    properties.map((property) => [
      String((property["key"] as Expression)["value"]),
      property["value"] as Expression,
    ]),
  );
}

function shown(value: string): string {
  return value === "" ? "none" : code(value);
}

function missing(name: string): never {
  throw new Error(`nothing says what ${name} means`);
}

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SRC = fileURLToPath(new URL("../src", import.meta.url));

/**
 * The rooms of the gateway, and the rooms that each may import. A room's imports stand above it, so
 * that there is no circle. The files directly in `src` wire the rooms and may import every one.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  process: [],
  "config-store": [],
  settings: ["config-store"],
  client: [],
  origin: ["client"],
  probes: [],
  routing: ["client", "origin", "process"],
  observation: ["client", "origin", "routing", "process"],
  supervisor: ["observation", "process", "settings"],
};

/** Files directly in `src` that a room may import. Their place decides their value. */
const ROOT_LEAVES: Readonly<Record<string, readonly string[]>> = {
  "config-store": ["default-config.ts"],
};

/** The gateway's own source, by path in `src`, with the files that each imports. */
const IMPORTS = new Map(
  readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => [file, importsOf(file)] as const),
);

function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), "utf8");
  const specifiers = text.matchAll(/^(?:import|export)\b(?:[^;"']*\bfrom)? "(\.[^"]+)"/gm);
  return [...specifiers].map(([, path = ""]) => relative(SRC, join(SRC, dirname(file), path)));
}

function roomOf(file: string): string | null {
  const [room = "", ...rest] = file.split(sep);
  return rest.length === 0 ? null : room;
}

/** The files of a circle of imports, in turn; `null` where there is no circle. */
function circleOf(imports: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  function visit(file: string, trail: readonly string[]): string[] | null {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const imported of imports.get(file) ?? []) {
      const circle = visit(imported, [...trail, file]);
      if (circle !== null) return circle;
    }
    done.add(file);
    return null;
  }
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle !== null) return circle;
  }
  return null;
}

test("every folder is a room of the table, and every room has a folder", () => {
  const folders = readdirSync(SRC, { withFileTypes: true }).filter((each) => each.isDirectory());
  expect(folders.map(({ name }) => name).toSorted()).toEqual(Object.keys(ALLOWED).toSorted());
});

test("only the programs, run, start and the default config are outside the rooms", () => {
  const root = [...IMPORTS.keys()].filter((file) => roomOf(file) === null && !isTest(file));
  const programs = ["dev.ts", "installed.ts", "main.ts"];
  const others = ["default-config.ts", "run.ts", "start.ts"];
  expect(root.toSorted()).toEqual([...programs, ...others].toSorted());
});

test("imports are read, also those of types and over several lines", () => {
  const start = IMPORTS.get("start.ts") ?? [];
  expect(start).toEqual(expect.arrayContaining(["client/address.ts", "settings/settings.ts"]));
  expect([...IMPORTS.values()].flat().every((file) => IMPORTS.has(file))).toBe(true);
});

test.each(Object.entries(ALLOWED))("%s imports only the rooms %j", (room, allowed) => {
  const strangers = [...IMPORTS]
    .filter(([file]) => roomOf(file) === room)
    .flatMap(([file, imported]) => imported.map((other) => ({ file, other })))
    .filter(({ other }) => {
      const otherRoom = roomOf(other);
      if (otherRoom === null) return !ROOT_LEAVES[room]?.includes(other);
      return otherRoom !== room && !allowed.includes(otherRoom);
    });
  expect(strangers).toEqual([]);
});

test("rooms import only rooms above them in the table", () => {
  const names = Object.keys(ALLOWED);
  for (const [room, allowed] of Object.entries(ALLOWED)) {
    for (const other of allowed) expect(names.indexOf(other)).toBeLessThan(names.indexOf(room));
  }
});

test("no circle of imports between files", () => {
  expect(circleOf(IMPORTS)).toBeNull();
  expect(
    circleOf(
      new Map([
        ["a", ["b"]],
        ["b", ["a"]],
      ]),
    ),
  ).toEqual(["a", "b", "a"]);
});

test("at most two classes are named a response", () => {
  const classes = [...IMPORTS.keys()].flatMap((file) =>
    [...readFileSync(join(SRC, file), "utf8").matchAll(/^(?:export )?class (\w+)/gm)].map(
      ([, name = ""]) => name,
    ),
  );
  expect(classes.filter((name) => name.endsWith("Response")).toSorted()).toEqual([
    "GatewayResponse",
    "OriginResponse",
  ]);
});

function isTest(file: string): boolean {
  return file.endsWith(".test.ts");
}

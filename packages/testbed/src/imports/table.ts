/** The permitted imports of some packages. Everything that is not listed is forbidden. */
export interface ImportRow {
  /** The packages' folders, from the root of the repository. They need not exist yet. */
  readonly packages: readonly string[];
  /**
   * Packages of ours, without `@edgezero/`. `stores` allows all of them, `stores/*` + `/reader` only
   * some paths (`*` is one part of a path), and `type progression` only types.
   */
  readonly imports: readonly string[] | "anything";
  /** Packages of others; `node` means Node's own modules. */
  readonly libraries: readonly string[] | "any";
  /** Libraries that `any` leaves out. */
  readonly neverLibraries?: readonly string[];
  /** Members of `process` that may be used, where not all may. */
  readonly processMembers?: readonly string[];
  /** Whether the sources may see types that they do not import, such as those of Node. */
  readonly seesAmbientTypes?: false;
  /** Packages of ours that only tests may import or start, besides the testbed. */
  readonly tests?: readonly string[];
  /** The last column of the table: imports that a developer may be tempted to add. */
  readonly never: string;
}

const OPERATORS = [
  "rollout",
  "settings",
  "config",
  "stores",
  "operations",
  "progression",
  "evidence",
  "control-api",
  "faults",
] as const;

/** Who may import whom. The one home of the rule: the page of the architecture is made from it. */
export const IMPORT_TABLE: readonly ImportRow[] = [
  {
    packages: ["packages/rollout", "packages/progression"],
    imports: [],
    libraries: [],
    seesAmbientTypes: false,
    never: "a clock, a store, ambient types, `faults`",
  },
  {
    packages: ["packages/faults"],
    imports: [],
    libraries: [],
    never: "any package",
  },
  {
    packages: ["packages/starter"],
    imports: [],
    libraries: ["node"],
    never: "any package of ours: it writes their names",
  },
  {
    packages: ["packages/settings"],
    imports: [],
    libraries: ["zod"],
    never: "any package of ours",
  },
  {
    packages: ["packages/stores"],
    imports: ["rollout", "faults"],
    libraries: "any",
    never: "`gateway`, `operations`",
  },
  {
    packages: ["packages/operations"],
    imports: ["rollout", "stores", "progression/plan", "faults"],
    libraries: ["node"],
    neverLibraries: ["node:process", "node:readline", "node:readline/promises", "node:tty"],
    processMembers: ["pid", "kill"],
    never: "`cli`, colours, exit codes, a terminal",
  },
  {
    packages: ["packages/config"],
    imports: [
      "progression/plan",
      "progression/plan.schema.json",
      "stores/*/location",
      "stores/redact",
      "stores/file/durable-file",
      "stores/file/regular-file",
      "stores/file/trust",
      "faults",
    ],
    libraries: ["node", "zod"],
    never: "`operations`, `cli`",
  },
  {
    packages: ["packages/evidence"],
    imports: ["rollout/attribution", "type progression", "faults"],
    libraries: "any",
    never: "`stores`, `operations`",
  },
  {
    packages: ["packages/control-api"],
    imports: ["type progression", "progression/explain"],
    libraries: "any",
    tests: ["progression"],
    never: "`stores`, `operations`",
  },
  {
    packages: ["packages/gateway", "apps/node", "apps/fastly", "apps/cloudflare", "apps/nginx"],
    imports: [
      "rollout",
      "settings",
      "stores/*/reader",
      "stores/*/location",
      "stores/gateway-store",
      "stores/gateway-stores",
      "stores/open-config-store",
      "stores/last-values",
      "stores/file/last-values-file",
      "gateway",
      "faults",
    ],
    libraries: "any",
    never: "`operations`, `progression`, `cli`",
  },
  {
    packages: ["packages/cli"],
    imports: [...OPERATORS, "starter"],
    libraries: "any",
    tests: ["node", "controller"],
    never: "`apps`",
  },
  {
    packages: ["apps/controller"],
    imports: [...OPERATORS, "dashboard/package.json"],
    libraries: "any",
    never: "`cli`, `gateway`",
  },
  {
    packages: ["apps/dashboard"],
    imports: ["control-api", "progression/explain", "faults"],
    libraries: "any",
    tests: ["controller", "progression"],
    never: "`operations`, `stores`",
  },
  {
    packages: ["apps/demo"],
    imports: [
      "rollout",
      "progression/plan",
      "type progression",
      "control-api",
      "stores/file/durable-file",
      "node/main",
      "node/launchers",
      "controller/main",
      "dashboard",
      "faults",
    ],
    libraries: "any",
    never: "`operations`, `cli`: it uses the product from outside",
  },
  {
    packages: [
      "packages/testbed",
      "packages/conformance",
      "packages/release",
      "bench",
      "docs",
      "ops",
    ],
    imports: "anything",
    libraries: "any",
    never: "to be imported outside tests",
  },
];

/** The row of a package; `undefined` where the table does not know it. */
export function rowOf(folder: string): ImportRow | undefined {
  return IMPORT_TABLE.find(({ packages }) => packages.includes(folder));
}

import { findViceroy } from "@edgezero/fastly/viceroy";
import { nginxMissing } from "@edgezero/testbed/nginx/nginx";
import type { Reporter, TestModule, TestSuite } from "vitest/node";

/** The results of one group of cases on one runtime. */
interface Cell {
  readonly group: string;
  readonly runtime: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * A Vitest reporter that prints what was tested where: a row for each group of cases, a column for
 * each runtime. The runtimes are the outermost suites, and the groups the suites within them.
 */
export function createMatrixReporter(write: (text: string) => void = console.log): Reporter {
  return { onTestRunEnd: (modules) => write(format(modules.flatMap(cellsOf))) };
}

function cellsOf(module: TestModule): Cell[] {
  return Array.from(module.children.suites()).flatMap((runtime) => {
    const groups = Array.from(runtime.children.suites(), (group) => {
      return cellOf(group, group.name, runtime.name);
    });
    // If a runtime does not start or stop, its groups have no failure of their own.
    const failed = runtime.errors().length;
    const itself = {
      group: "start and stop",
      runtime: runtime.name,
      passed: 0,
      failed,
      skipped: 0,
    };
    return failed > 0 ? groups.concat(itself) : groups;
  });
}

function cellOf(suite: TestSuite, group: string, runtime: string): Cell {
  const inHooks = [suite, ...suite.children.allSuites()].flatMap((inner) => inner.errors());
  const states = Array.from(suite.children.allTests(), (test) => test.result().state);
  const passed = states.filter((state) => state === "passed").length;
  const failed = states.filter((state) => state === "failed").length;
  const skipped = states.length - passed - failed;
  return { group, runtime, passed, failed: failed + inHooks.length, skipped };
}

function format(cells: readonly Cell[]): string {
  const groups = new Set(cells.map(({ group }) => group));
  const runtimes = [...new Set(cells.map(({ runtime }) => runtime))];
  const row = (title: string, ofRow: readonly Cell[]): string[] => {
    const columns = runtimes.map((name) => counts(ofRow.filter(({ runtime }) => runtime === name)));
    return [title, ...columns];
  };
  const lines = [["", ...runtimes]];
  for (const group of groups)
    lines.push(
      row(
        group,
        cells.filter((cell) => cell.group === group),
      ),
    );
  lines.push(row("all", cells));

  const widths = ["", ...runtimes].map((_, column) => {
    return Math.max(...lines.map((line) => line[column]?.length ?? 0));
  });
  const table = lines.map((line) => line.map((text, i) => text.padEnd(widths[i] ?? 0)).join("  "));
  return `\n${table.join("\n")}\n\n${closingLine(cells)}\n`;
}

function counts(cells: readonly Cell[]): string {
  if (cells.length === 0) return "-";
  const parts = [`${sum(cells, "passed")} passed`];
  if (sum(cells, "failed") > 0) parts.push(`${sum(cells, "failed")} FAILED`);
  if (sum(cells, "skipped") > 0) parts.push(`${sum(cells, "skipped")} skipped`);
  return parts.join(", ");
}

function closingLine(cells: readonly Cell[]): string {
  const skipped = sum(cells, "skipped");
  const line = `${sum(cells, "passed")} passed, ${sum(cells, "failed")} failed`;
  return skipped > 0 ? `${skipReasons(cells)}${line}, ${skipped} skipped` : line;
}

function sum(cells: readonly Cell[], key: "passed" | "failed" | "skipped"): number {
  return cells.reduce((total, cell) => total + cell[key], 0);
}

/** Why a runtime is skipped on this machine; `undefined` where it is not. */
function missing(runtime: string): string | undefined {
  const viceroy = findViceroy();
  if (runtime === "fastly") return "missing" in viceroy ? viceroy.missing : undefined;
  return runtime === "nginx" ? nginxMissing : undefined;
}

/** Repeats the reasons beside the count of skipped tests, where readers see them. */
function skipReasons(cells: readonly Cell[]): string {
  const skipped = new Set(cells.filter((cell) => cell.skipped > 0).map(({ runtime }) => runtime));
  return [...skipped]
    .filter((runtime) => missing(runtime) !== undefined)
    .map((runtime) => `Skipped: ${runtime}. ${missing(runtime)}\n\n`)
    .join("");
}

import type { ChartInk } from "./draw-chart.ts";

/** The colours for the chart, which draws on a canvas and so cannot use the style sheet's. */
export function readInk(): ChartInk {
  const probe = document.createElement("i");
  document.body.append(probe);
  const color = (name: string): string => {
    probe.className = `ink-${name}`;
    return getComputedStyle(probe).color;
  };
  const ink: ChartInk = {
    text: color("text"),
    grid: color("grid"),
    configured: color("configured"),
    observed: color("observed"),
    observedFill: color("observed-fill"),
    marks: {
      write: color("mark-write"),
      operator: color("mark-operator"),
      trouble: color("mark-trouble"),
      rollback: color("mark-rollback"),
      proof: color("mark-proof"),
      "no-proof": color("mark-no-proof"),
    },
  };
  probe.remove();
  return ink;
}

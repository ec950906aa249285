import { z } from "zod";

/** Distinct clients of a path over a minute, estimated. Of several gateways each number is the largest. */
export interface PathClients {
  readonly all: number;
  /** Those of at least one failed request. */
  readonly failing: number;
}

/** How many distinct clients fail: what gateways count of how far failures are spread, and no more. */
export interface ClientsView {
  /** The end of the minute, in milliseconds of the epoch. */
  readonly to: number;
  readonly edgezero: PathClients;
  /** `null` where they are not counted. */
  readonly legacy: PathClients | null;
}

const count = z.number().min(0);

const pathClients: z.ZodType<PathClients> = z
  .object({ all: count, failing: count.describe("Those of at least one failed request.") })
  .describe("Estimated, over a minute; of several gateways each number is the largest.")
  .meta({ id: "PathClients" });

export const clientsView: z.ZodType<ClientsView> = z
  .object({
    to: count.describe("The end of the minute, in milliseconds of the epoch."),
    edgezero: pathClients,
    legacy: pathClients.nullable(),
  })
  .describe("Distinct clients: how far failures are spread.")
  .meta({ id: "Clients" });

const COUNT = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/**
 * How many distinct clients fail, such as `1 of about 42 on EdgeZero, 5 of about 410 on legacy`. Who of them
 * fails how often is not counted. Pure.
 */
export function clientsText({ edgezero, legacy }: ClientsView): string {
  return [`${partText(edgezero)} on EdgeZero`]
    .concat(legacy === null || legacy.all === 0 ? [] : [`${partText(legacy)} on legacy`])
    .join(", ");
}

function partText({ all, failing }: PathClients): string {
  return `${COUNT.format(failing)} of about ${COUNT.format(all)}`;
}

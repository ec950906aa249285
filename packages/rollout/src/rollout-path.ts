/** The two complete request paths of a site: `legacy` is trusted, `edgezero` is new. */
export type RolloutPath = "legacy" | "edgezero";

import { apiSection } from "./api.ts";
import { commandsSection, exitCodesSection, planSection } from "./cli.ts";
import { diagramSection } from "./diagram.ts";
import { evennessSection } from "./evenness.ts";
import { failSafeSection, reasonsSection } from "./fail-safe.ts";
import { importsSection } from "./imports.ts";
import { decisionLinesSection, gatewayLinesSection } from "./log-lines.ts";
import { metricsSection } from "./metrics.ts";
import { propagationSection } from "./propagation.ts";
import { SETTINGS_SECTIONS } from "./settings.ts";

/** The generated sections of pages, by name: each gives Markdown, made from the code. */
export const SECTIONS: Readonly<Record<string, () => string | Promise<string>>> = {
  api: apiSection,
  commands: commandsSection,
  "decision-lines": decisionLinesSection,
  diagram: diagramSection,
  evenness: evennessSection,
  "exit-codes": exitCodesSection,
  "fail-safe": failSafeSection,
  "gateway-lines": gatewayLinesSection,
  imports: importsSection,
  metrics: metricsSection,
  plan: planSection,
  propagation: propagationSection,
  reasons: reasonsSection,
  ...SETTINGS_SECTIONS,
};

/** Licences that what we publish may depend on: all permit use in any product, with a notice. */
export const ALLOWED_LICENCES: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "ISC",
  "MIT",
  "MIT-0",
]);

/** A part of a software bill of materials in CycloneDX form. */
export interface Component {
  readonly name: string;
  readonly group?: string;
  readonly version?: string;
  readonly licenses?: readonly {
    readonly license?: { readonly id?: string; readonly name?: string };
    readonly expression?: string;
  }[];
}

/**
 * A line for each component whose licence is not allowed or not known. Of a choice, such as
 * `MIT OR GPL-3.0`, one allowed licence is enough; of a sum, all must be.
 */
export function licenceFindings(components: readonly Component[]): readonly string[] {
  return components.flatMap(({ group, name, version, licenses = [] }) => {
    const named = licenses.map(
      ({ license, expression }) => expression ?? license?.id ?? license?.name ?? "",
    );
    if (named.length > 0 && named.every(isAllowed)) return [];
    const full = group === undefined || group === "" ? name : `${group}/${name}`;
    return [`${full}@${version ?? "?"} has the licence ${named.join(", ") || "unknown"}`];
  });
}

function isAllowed(expression: string): boolean {
  const choices = expression.replaceAll(/[()]/g, "").split(/ OR /);
  return choices.some((choice) =>
    choice.split(/ AND /).every((each) => ALLOWED_LICENCES.has(each.trim())),
  );
}

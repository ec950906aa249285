import { writeStarter } from "@edgezero/starter";
import { CliError } from "../cli-error.ts";
import type { Outcome, Output } from "../output/output.ts";

/** `new <gateway> <folder>`: writes a project, and installs nothing. */
export async function newProject(_: Output, __: object, args: string[]): Promise<Outcome> {
  const [gateway = "", folder = ""] = args;
  const written = await writeStarter(gateway, folder);
  if (written.fault !== null) throw new CliError("usage", written.fault);
  return { document: { gateway, folder, files: written.files }, text: written.text };
}

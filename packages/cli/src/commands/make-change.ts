import type { ChangeReport, ChangeRequest } from "@edgezero/operations/change/make-change";
import { makeChange as change } from "@edgezero/operations/change/make-change";
import type { Context } from "../context.ts";

/** Makes a change, with a live line while it takes long. @throws OperationError */
export async function makeChange(
  { output, operation }: Context,
  request: ChangeRequest,
): Promise<ChangeReport> {
  const progress = output.progress(`${request.command}: writing`);
  return change(operation, request).finally(progress.stop);
}

import { createBuiltInHandler } from "@edgezero/gateway";

const handle = createBuiltInHandler("legacy");

// oxlint-disable-next-line import/no-default-export -- the form of a Worker
export default { fetch: (request: Request) => handle(request) };

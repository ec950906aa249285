// The Node gateway's built-in handler, served the same way but without the rollout.
import { createBuiltInHandler } from "@edgezero/gateway";
import { listen } from "@edgezero/node/listen";
import { disablePretenuring } from "@edgezero/node/pretenuring";
import { createServer } from "@edgezero/node/server";

disablePretenuring();
const handle = createBuiltInHandler("legacy");
const url = await listen(
  createServer(async (request) => handle(request)),
  0,
  "127.0.0.1",
);
console.log(JSON.stringify({ url }));

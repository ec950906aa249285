// Starts the gateway with the settings in gateway.env. A variable of the environment comes first.
import { loadEnvFile } from "node:process";

loadEnvFile(new URL("gateway.env", import.meta.url));
await import("@edgezero/node/gateway");

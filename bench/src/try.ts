import { measureProxies } from "./proxies/measure.ts";
console.log(await measureProxies({ rounds: 2, seconds: 1 }));

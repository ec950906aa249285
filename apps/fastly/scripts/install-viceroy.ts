import { buildViceroy } from "./viceroy.ts";

console.log(`Viceroy: ${buildViceroy()}`);

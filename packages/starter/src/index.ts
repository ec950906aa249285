export type { Started } from "./write-starter.ts";
export { STARTERS, writeStarter } from "./write-starter.ts";

// The kinds of stores that a gateway's process can read: one line for each.
export { FILE_READER } from "./file/reader.ts";
export { REDIS_READER } from "./redis/reader.ts";

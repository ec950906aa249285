import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileLocation, isFileUrl } from "./file/location.ts";
import { StoreSetupError } from "./operator-store.ts";
import { isRedisUrl, readRedisUrl } from "./redis/location.ts";

const REDIS_PORT = "6379";

/**
 * A text that two URLs of one store share, as far as their spelling tells: relative paths and links lead to
 * one file, and a Redis URL's defaults are filled in. Two names of one server, or two ways to one disk, are
 * not found to be one. It has no credentials.
 *
 * @throws StoreSetupError where a `file:` URL names no path, or a Redis URL cannot be read.
 */
export async function storeIdentity(url: string): Promise<string> {
  if (isFileUrl(url)) return `file ${await realPath(fileLocation(url, process.cwd()))}`;
  if (!isRedisUrl(url)) return url.trim();
  return redisIdentity(url);
}

/**
 * Whether two texts that say where a store is, without credentials, mean one store. Only a Redis URL has several
 * spellings; two names of one server are not found to be one.
 */
export function isSameLocation(one: string, other: string): boolean {
  if (one === other) return true;
  if (!isRedisUrl(one) || !isRedisUrl(other)) return false;
  try {
    return redisIdentity(one) === redisIdentity(other);
  } catch {
    return false;
  }
}

function redisIdentity(url: string): string {
  const redis = readRedisUrl(url);
  if (redis.kind === "refused") throw new StoreSetupError(redis.why);
  const { address, key } = redis.location;
  const { hostname, port, pathname } = new URL(address);
  const database = Number(pathname.replace("/", "") || "0");
  return `redis ${hostname.toLowerCase()}:${port || REDIS_PORT}/${database} ${key}`;
}

/** A file that does not exist yet is known by its folder. */
async function realPath(path: string): Promise<string> {
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  const inFolder = join(folder, path.slice(dirname(path).length));
  return realpath(path).catch(() => inFolder);
}

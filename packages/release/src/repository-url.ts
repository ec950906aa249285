import { readManifest, REPOSITORY } from "./published-packages.ts";

/**
 * The address of the repository for people, such as `https://github.com/OWNER/edgezero-rollout`. Its
 * one home is `repository.url` of the root's `package.json`.
 */
export function repositoryUrl(): string {
  const url = readManifest(REPOSITORY).repository?.url ?? "";
  return url.replace(/^git\+/, "").replace(/\.git$/, "");
}

/** Whether an address still has the placeholder of the owner, so that nothing may be published with it. */
export function isPlaceholder(url: string): boolean {
  return !/^https:\/\/[^/]+\/[^/]+\/[^/]+$/.test(url) || url.includes("/OWNER/");
}

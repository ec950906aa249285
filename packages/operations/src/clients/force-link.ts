import { FORCE_LINK_PATH } from "@edgezero/rollout/force";

/** The link that sets the cookie of a token on the site of `page`, and then leads to that page. */
export function forceLink({ origin, pathname, search }: URL, token: string): string {
  const link = new URL(FORCE_LINK_PATH, origin);
  link.searchParams.set("token", token);
  const page = pathname + search;
  if (page !== "/") link.searchParams.set("to", page);
  return link.href;
}

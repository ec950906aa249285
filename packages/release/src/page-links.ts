import { posix } from "node:path";

/** Matches the target of a link or a picture in Markdown. */
const TARGET = /(?<=\]\()[^)\s]+(?=\))/g;
const PICTURE = /\.(?:gif|png|svg|webp)$/;

/**
 * The text of a README with links that work on a package's page, where the repository's other files are
 * not: those to files of the repository get its address. Links to other sites and within the page stay.
 *
 * @param url The address of the repository for people.
 * @param folder The README's folder, from the root of the repository.
 */
export function withRepositoryLinks(markdown: string, url: string, folder: string): string {
  return markdown.replaceAll(TARGET, (target) => {
    if (/^(?:[a-z]+:|#)/i.test(target)) return target;
    const [path = "", anchor] = target.split("#");
    const kind = PICTURE.test(path) ? "raw" : "blob";
    const full = `${url}/${kind}/main/${posix.join(folder, path)}`;
    return anchor === undefined ? full : `${full}#${anchor}`;
  });
}

/**
 * The texts of the page that cannot be read whole without scrolling sideways: those outside the window, and
 * those that a box around them cuts off or hides behind a scroll bar. Runs in the browser, so it can use
 * nothing of this module. Gives at most ten, each with the box that cuts it.
 */
export function clippedTexts(): string[] {
  const TOLERANCE_PX = 1;
  const found: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null && found.length < 10; node = walker.nextNode()) {
    const text = node.textContent?.trim() ?? "";
    const parent = node.parentElement;
    if (text === "" || parent === null || !isSeen(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const cut = [...range.getClientRects()].map((rect) => cutBy(rect, parent)).find(Boolean);
    if (cut !== undefined) found.push(`${JSON.stringify(text.slice(0, 40))} is cut by ${cut}`);
  }
  return found;

  // oxlint-disable-next-line unicorn/consistent-function-scoping -- Only what is inside reaches the browser.
  function isSeen(element: Element): boolean {
    // Text for screen readers alone is a box of one pixel.
    const isForReaders = element.closest(".visually-hidden") !== null;
    return (
      !isForReaders &&
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      element.closest("style, script, template") === null
    );
  }

  function cutBy(rect: DOMRect, from: Element): string | null {
    if (rect.width === 0) return null;
    if (rect.left < -TOLERANCE_PX || rect.right > window.innerWidth + TOLERANCE_PX) {
      return "the window";
    }
    for (let box: Element | null = from; box !== null; box = box.parentElement) {
      if (getComputedStyle(box).overflowX === "visible") continue;
      const edge = box.getBoundingClientRect();
      if (rect.left < edge.left - TOLERANCE_PX || rect.right > edge.right + TOLERANCE_PX) {
        return `${box.tagName.toLowerCase()}.${[...box.classList].join(".")}`;
      }
    }
    return null;
  }
}

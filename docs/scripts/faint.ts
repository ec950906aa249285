/**
 * The texts of the page that are hard to see: those whose colour has less than three times the luminance of
 * what is behind them, or the reverse. Runs in the browser, so it can use nothing of this module. Gives at most
 * ten. Text over a picture is not judged.
 */
export function faintTexts(): string[] {
  const LEAST_CONTRAST = 3;
  const found: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null && found.length < 10; node = walker.nextNode()) {
    const text = node.textContent?.trim() ?? "";
    const parent = node.parentElement;
    if (text === "" || parent === null || parent.closest("style, script, template") !== null)
      continue;
    if (!parent.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const style = getComputedStyle(parent);
    const colour = channels(parent.closest("svg") === null ? style.color : style.fill);
    const contrast = ratio(
      luminance(over(colour, background(parent))),
      luminance(background(parent)),
    );
    if (contrast < LEAST_CONTRAST) {
      found.push(`${JSON.stringify(text.slice(0, 40))} has a contrast of ${contrast.toFixed(1)}`);
    }
  }
  return found;

  // oxlint-disable-next-line unicorn/consistent-function-scoping -- Only what is inside reaches the browser.
  function channels(colour: string): number[] {
    const numbers = Array.from(colour.matchAll(/[\d.]+/g), ([number]) => Number(number));
    return numbers.length === 3 ? [...numbers, 1] : numbers;
  }

  // oxlint-disable-next-line unicorn/consistent-function-scoping -- Only what is inside reaches the browser.
  function over([r = 0, g = 0, b = 0, alpha = 0]: number[], below: number[]): number[] {
    return [r, g, b].map((value, i) => value * alpha + (below[i] ?? 0) * (1 - alpha));
  }

  function background(element: Element): number[] {
    const layers: number[][] = [];
    for (let box: Element | null = element; box !== null; box = box.parentElement) {
      const layer = channels(getComputedStyle(box).backgroundColor);
      layers.push(layer);
      if (layer[3] === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255]);
  }

  // oxlint-disable-next-line unicorn/consistent-function-scoping -- Only what is inside reaches the browser.
  function luminance(colour: number[]): number {
    const [r = 0, g = 0, b = 0] = colour.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  // oxlint-disable-next-line unicorn/consistent-function-scoping -- Only what is inside reaches the browser.
  function ratio(one: number, other: number): number {
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  }
}

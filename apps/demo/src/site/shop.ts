import type { RolloutPath } from "@edgezero/rollout";

const LOOKS: Readonly<Record<RolloutPath, { title: string; ground: string; ink: string }>> = {
  legacy: { title: "Old Town Books", ground: "#f3e9d8", ink: "#5b3a1e" },
  edgezero: { title: "Old Town Books, at the edge", ground: "#101a3a", ink: "#cfe0ff" },
};

/** The page of a shop. The two paths look different, so that a visitor sees who serves. */
export function shopPage(path: RolloutPath): string {
  const { title, ground, ink } = LOOKS[path];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
body { margin: 0; display: grid; place-content: center; min-height: 100vh; text-align: center;
background: ${ground}; color: ${ink}; font: 18px/1.5 ${path === "legacy" ? "Georgia, serif" : "system-ui, sans-serif"}; }
</style>
<h1>${title}</h1>
<p>Three books for the price of two.</p>
<p>Served by <b>${path}</b>.</p>
</html>
`;
}

/**
 * Finds circles in a graph.
 *
 * @param edges Gives the neighbours of a node.
 * @returns Each circle once: its nodes in order, the first one again at the end.
 */
export function circlesOf(
  nodes: readonly string[],
  edges: (node: string) => readonly string[],
): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();

  function visit(node: string, path: readonly string[]): void {
    const seenAt = path.indexOf(node);
    if (seenAt >= 0) circles.push([...path.slice(seenAt), node]);
    if (seenAt >= 0 || done.has(node)) return;
    for (const next of edges(node)) visit(next, [...path, node]);
    done.add(node);
  }

  for (const node of nodes) visit(node, []);
  return circles;
}

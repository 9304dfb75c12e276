// The tree of texts that were tried, as lines: a line goes on until the texts part.

/** Nodes from the beginning (node 0, left out) to one of them. */
export function pathTo(parents, node) {
  const path = [];
  for (let at = node; at > 0; at = parents[at]) path.unshift(at);
  return path;
}

/** Lines of the tree, the oldest first: {nodes, depth}, depth counting the partings above. */
export function twigs(parents) {
  const children = Array.from(parents, () => []);
  for (let node = 1; node < parents.length; node++) children[parents[node]].push(node);
  const lines = [], waiting = children[0].map((node) => [node, 0]).reverse();
  while (waiting.length) {
    const [start, depth] = waiting.pop(), nodes = [start];
    while (children[nodes.at(-1)].length === 1) nodes.push(children[nodes.at(-1)][0]);
    lines.push({ nodes, depth });
    for (const node of children[nodes.at(-1)].toReversed()) waiting.push([node, depth + 1]);
  }
  return lines;
}

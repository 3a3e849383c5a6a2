/**
 * The largest set of nodes that can all reach one another (Tarjan, without recursion).
 * Takes compressed rows; returns 1 for each node in the set.
 */
export const largestStrongComponent = (firstEdge: Uint32Array, edgeTarget: Uint32Array): Uint8Array => {
  const nodeCount = firstEdge.length - 1;
  const order = new Uint32Array(nodeCount);
  const low = new Uint32Array(nodeCount);
  const component = new Int32Array(nodeCount).fill(-1);
  const nextEdge = firstEdge.slice();
  const open: number[] = [];
  const trail: number[] = [];
  const sizes: number[] = [];
  let visited = 0;

  const enter = (node: number): void => {
    visited += 1;
    order[node] = visited;
    low[node] = visited;
    open.push(node);
    trail.push(node);
  };
  const lower = (node: number, value: number): void => {
    if (value < (low[node] ?? 0)) low[node] = value;
  };
  const close = (root: number): void => {
    let size = 0;
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      component[node] = sizes.length;
      size += 1;
      if (node === root) break;
    }
    sizes.push(size);
  };

  for (let start = 0; start < nodeCount; start++) {
    if (order[start] !== 0) continue;
    enter(start);
    for (let node = trail.at(-1); node !== undefined; node = trail.at(-1)) {
      const edge = nextEdge[node] ?? 0;
      if (edge < (firstEdge[node + 1] ?? 0)) {
        nextEdge[node] = edge + 1;
        const target = edgeTarget[edge] ?? 0;
        if (order[target] === 0) enter(target);
        else if (component[target] === -1) lower(node, order[target] ?? 0);
      } else {
        trail.pop();
        const parent = trail.at(-1);
        if (parent !== undefined) lower(parent, low[node] ?? 0);
        if (low[node] === order[node]) close(node);
      }
    }
  }
  const largest = sizes.indexOf(Math.max(...sizes));
  return Uint8Array.from(component, (number) => (number === largest ? 1 : 0));
};

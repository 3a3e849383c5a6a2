/** A thing in a heap: its cost, and where in it it is. */
export type HeapNode = { cost: number; index: number };

/** Gives the cheapest first; costs may change. */
export function createHeap<Node extends HeapNode>() {
  const nodes: Node[] = [];

  function put(node: Node, index: number): void {
    nodes[index] = node;
    node.index = index;
  }

  function rise(node: Node): void {
    let index = node.index;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = nodes[above];
      if (parent === undefined || parent.cost <= node.cost) break;
      put(parent, index);
      index = above;
    }
    put(node, index);
  }

  function sink(node: Node): void {
    let index = node.index;
    for (;;) {
      const left = nodes[2 * index + 1];
      const right = nodes[2 * index + 2];
      const child = right !== undefined && left !== undefined && right.cost < left.cost ? right : left;
      if (child === undefined || child.cost >= node.cost) break;
      const below = child.index;
      put(child, index);
      index = below;
    }
    put(node, index);
  }

  return {
    get size() {
      return nodes.length;
    },
    push(node: Node): void {
      node.index = nodes.length;
      nodes.push(node);
      rise(node);
    },
    pop(): Node | null {
      const [least] = nodes;
      const last = nodes.pop();
      if (least === undefined || last === undefined) return null;
      if (last !== least) {
        last.index = 0;
        sink(last);
      }
      return least;
    },
    /** Gives a node of the heap another cost. */
    move(node: Node, cost: number): void {
      node.cost = cost;
      rise(node);
      sink(node);
    },
  };
}

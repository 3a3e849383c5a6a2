import type { RoadGraph } from "./graph.ts";

/**
 * The file of a built graph: 8 bytes magic, the version (uint32), counts of nodes, edges and stops (uint32 each), the
 * version's text length (uint32), its text padded to 8, then the arrays, each padded to 8. Little-endian.
 */
const MAGIC = "DSPROAD1";
const HEAD_BYTES = 24;

const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

const arraysOf = (graph: RoadGraph): ArrayBufferView[] => [
  graph.lat,
  graph.lon,
  graph.firstEdge,
  graph.edgeTarget,
  graph.edgeMeters,
  graph.edgeClass,
  graph.edgeTunnel,
  graph.stops,
];

/** The bytes to keep for a graph; `version` names the source and the way it was built. */
export const encodeGraph = (graph: RoadGraph, version: string): Uint8Array => {
  const text = new TextEncoder().encode(version);
  const arrays = arraysOf(graph);
  const size = HEAD_BYTES + padded(text.length) + arrays.reduce((sum, array) => sum + padded(array.byteLength), 0);
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  file.set(new TextEncoder().encode(MAGIC));
  view.setUint32(8, graph.nodeCount, true);
  view.setUint32(12, graph.edgeCount, true);
  view.setUint32(16, graph.stops.length, true);
  view.setUint32(20, text.length, true);
  file.set(text, HEAD_BYTES);
  let at = HEAD_BYTES + padded(text.length);
  for (const array of arrays) {
    file.set(bytesOf(array), at);
    at += padded(array.byteLength);
  }
  return file;
};

/** Reads a kept graph without copying; null when it is another version, or cut short, or not such a file. */
export const decodeGraph = (file: Uint8Array, version: string): RoadGraph | null => {
  if (file.byteLength < HEAD_BYTES || new TextDecoder().decode(file.subarray(0, 8)) !== MAGIC) return null;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const nodeCount = view.getUint32(8, true);
  const edgeCount = view.getUint32(12, true);
  const stopCount = view.getUint32(16, true);
  const textLength = view.getUint32(20, true);
  if (new TextDecoder().decode(file.subarray(HEAD_BYTES, HEAD_BYTES + textLength)) !== version) return null;
  const sizes = [
    8 * nodeCount,
    8 * nodeCount,
    4 * nodeCount + 4,
    4 * edgeCount,
    4 * edgeCount,
    edgeCount,
    edgeCount,
    4 * stopCount,
  ];
  const start = HEAD_BYTES + padded(textLength);
  if (file.byteLength !== start + sizes.reduce((sum, size) => sum + padded(size), 0)) return null;
  // Views need an aligned start, and a pooled Buffer may not have one.
  const { buffer, byteOffset } = file.byteOffset % 8 === 0 ? file : file.slice();
  let next = byteOffset + start;
  const take = (bytes: number): number => {
    const at = next;
    next += padded(bytes);
    return at;
  };
  return {
    nodeCount,
    edgeCount,
    lat: new Float64Array(buffer, take(8 * nodeCount), nodeCount),
    lon: new Float64Array(buffer, take(8 * nodeCount), nodeCount),
    firstEdge: new Uint32Array(buffer, take(4 * nodeCount + 4), nodeCount + 1),
    edgeTarget: new Uint32Array(buffer, take(4 * edgeCount), edgeCount),
    edgeMeters: new Float32Array(buffer, take(4 * edgeCount), edgeCount),
    edgeClass: new Uint8Array(buffer, take(edgeCount), edgeCount),
    edgeTunnel: new Uint8Array(buffer, take(edgeCount), edgeCount),
    stops: new Uint32Array(buffer, take(4 * stopCount), stopCount),
  };
};

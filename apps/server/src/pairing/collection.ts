/** Which bound devices have not used their token yet. */
export type Collection = {
  expect(deviceId: number): void;
  /** To be called when a device shows its token; the first time is remembered. */
  shown(deviceId: number): void;
  /** False from the first use on, also while that is still on its way to disk. */
  awaits(deviceId: number): boolean;
};

export function createCollection(uncollected: Iterable<number>, remember: (deviceId: number) => void): Collection {
  const expected = new Set(uncollected);
  return {
    expect: (deviceId) => void expected.add(deviceId),
    shown(deviceId) {
      if (expected.delete(deviceId)) remember(deviceId);
    },
    awaits: (deviceId) => expected.has(deviceId),
  };
}

/** Which PairingHub connections wait for which pending device; a phone that reconnected in haste may have two. */
export type PairingConnections = {
  link(connectionId: string, pendingId: number): void;
  /** The pending row that this connection waits for; null when it waits for none. */
  pendingOf(connectionId: string): number | null;
  waitingFor(pendingId: number): readonly string[];
  drop(connectionId: string): void;
};

export function createPairingConnections(): PairingConnections {
  const pendingByConnection = new Map<string, number>();
  const connectionsByPending = new Map<number, Set<string>>();

  function drop(connectionId: string): void {
    const pendingId = pendingByConnection.get(connectionId);
    if (pendingId === undefined) return;
    pendingByConnection.delete(connectionId);
    const connections = connectionsByPending.get(pendingId);
    connections?.delete(connectionId);
    if (connections?.size === 0) connectionsByPending.delete(pendingId);
  }

  return {
    link(connectionId, pendingId) {
      drop(connectionId);
      pendingByConnection.set(connectionId, pendingId);
      const connections = connectionsByPending.get(pendingId) ?? new Set();
      connections.add(connectionId);
      connectionsByPending.set(pendingId, connections);
    },
    pendingOf: (connectionId) => pendingByConnection.get(connectionId) ?? null,
    waitingFor: (pendingId) => [...(connectionsByPending.get(pendingId) ?? [])],
    drop,
  };
}

/** What the hubs allow. Sizes in bytes, times in milliseconds. */
export const hubLimits = {
  /** One message to FleetHub: 500 samples of 260 bytes; whoever sends it has shown a token. */
  fleetMessageBytes: 128 * 1024,
  /** One message to PairingHub, where anybody may send. */
  pairingMessageBytes: 32 * 1024,
  handshakeMs: 15_000,
  /** Each side pings so often, as official clients do. */
  keepAliveMs: 15_000,
  /** A side that is silent for so long counts as gone. */
  clientTimeoutMs: 30_000,
  /** A device that lost its connection and comes back within this time was never gone. */
  returnGraceMs: 10_000,
  /** After its last sign of life a device shows as gone within this, however its connection ends. */
  offlineWithinMs: 35_000,
  /** A connection whose token ran out may call RequestTokenRefresh for so long. */
  tokenGraceMs: 60_000,
} as const;

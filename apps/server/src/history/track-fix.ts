/** A fix as it is stored. Times in ms since 1970, UTC: `atMs` of the fix, `receivedMs` of its arrival. */
export type StoredFix = {
  readonly atMs: number;
  readonly lat: number;
  readonly lon: number;
  readonly accuracyMeters: number | null;
  readonly speedMps: number | null;
  readonly headingDegrees: number | null;
  readonly altitudeMeters: number | null;
  readonly batteryPercent: number | null;
  readonly receivedMs: number;
  /** Reported live, at the server's time; otherwise a sample, at the phone's. */
  readonly isLive: boolean;
};

export type TrackFix = StoredFix & {
  /** It cannot have been there: too far for the time, or known too roughly. */
  readonly outlier: boolean;
  /** Nothing is known between the fix before and this one. */
  readonly gapBefore: boolean;
};

/** One step of a track: takes fixes in the order of time, hands on what is decided. */
export type Stage<In, Out> = { add(fix: In): readonly Out[]; end(): readonly Out[] };

/** Each wait counts from the send before it: 5, 10, 20, 40, then always 60 s. */
const waitsMs = [5_000, 10_000, 20_000, 40_000] as const;
export const longestResendMs = 60_000;

/** How long after its `sends`-th send a message that nobody acknowledged is sent again. */
export const resendAfterMs = (sends: number): number => waitsMs[sends - 1] ?? longestResendMs;

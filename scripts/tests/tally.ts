/** What a run came to: counts, and a line for each thing that failed or could not run. */
export type Tally = { passed: number; failed: number; failures: string[]; notRun: string[] };

export const emptyTally = (): Tally => ({ passed: 0, failed: 0, failures: [], notRun: [] });

/**
 * The closing report. Its last line alone is `N passed, N failed`; what failed or could not run is named above it.
 */
export const closingReport = ({ passed, failed, failures, notRun }: Tally): string =>
  [
    ...(failures.length === 0 ? [] : ["Failed:", ...failures.map((line) => `  ✗ ${line}`)]),
    ...(notRun.length === 0 ? [] : ["Could not run:", ...notRun.map((line) => `  - ${line}`)]),
    `${passed} passed, ${failed} failed`,
    "",
  ].join("\n");

/** 0 only where something ran and nothing failed. */
export const exitCode = ({ passed, failed }: Tally): 0 | 1 => (failed === 0 && passed > 0 ? 0 : 1);

import { describe, expect, test } from "vitest";
import { closingReport, emptyTally, exitCode } from "./tally.ts";

describe("the closing report", () => {
  test("ends with the counts alone on the last line", () => {
    expect(closingReport({ ...emptyTally(), passed: 12 })).toBe("12 passed, 0 failed\n");
  });

  test("names what failed and what could not run", () => {
    const tally = { passed: 3, failed: 1, failures: ["gate types"], notRun: ["stories  a: no PostgreSQL"] };
    expect(closingReport(tally)).toBe(
      "Failed:\n  ✗ gate types\nCould not run:\n  - stories  a: no PostgreSQL\n3 passed, 1 failed\n",
    );
  });

  test("is good only where something passed and nothing failed", () => {
    expect(exitCode({ ...emptyTally(), passed: 1 })).toBe(0);
    expect(exitCode({ ...emptyTally(), passed: 9, failed: 1 })).toBe(1);
    expect(exitCode(emptyTally())).toBe(1);
  });
});

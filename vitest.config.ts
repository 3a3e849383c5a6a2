import { defineConfig } from "vitest/config";

/** Workspace packages are TypeScript sources behind symbolic links; node's own type stripping must not meet them half. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "browser", include: ["tests/browser/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 120_000 } },
    ],
  },
});

import { defineConfig } from "vitest/config";

/** Two cores are what the smallest machine has; a real browser takes them both by itself. */
const maxWorkers = 2;

/** They need a server, which the project's set-up starts; the stories run there a second time. */
const postgresTests = "apps/server/src/database/postgres/**/*.test.ts";
/** Of a server that goes away. */
const storiesOfPostgres = "tests/stories/database-away.test.ts";
/** About SQLite's file, or about programs that bring their own. */
const storiesOfSqlite = ["tests/stories/start-up.test.ts", "tests/stories/demo.test.ts"];

export default defineConfig({
  test: {
    maxWorkers,
    projects: [
      {
        test: {
          name: "unit",
          include: ["packages/**/*.test.ts", "apps/**/*.test.{ts,tsx}", "tests/lib/**/*.test.ts", "bench/**/*.test.ts"],
          exclude: ["**/node_modules/**", postgresTests],
          testTimeout: 10_000,
          maxWorkers,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "gates",
          include: ["scripts/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "stories",
          include: ["tests/stories/**/*.test.ts"],
          exclude: ["**/node_modules/**", storiesOfPostgres],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          maxWorkers,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "postgres",
          include: [postgresTests, "tests/stories/**/*.test.ts"],
          exclude: ["**/node_modules/**", ...storiesOfSqlite],
          globalSetup: ["tests/lib/postgres-setup.ts"],
          env: { STORIES_ON: "postgres" },
          testTimeout: 30_000,
          hookTimeout: 30_000,
          maxWorkers,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: "simulation",
          include: ["tests/simulation/**/*.test.ts", "tests/faults/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 60_000,
          maxWorkers,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          name: "browser",
          include: ["tests/browser/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});

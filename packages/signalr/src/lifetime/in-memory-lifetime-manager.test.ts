import { describe, expect, test } from "vitest";
import { lifetimeManagerSpec, type RecordingConnection } from "../testing/lifetime-manager-spec.ts";
import { InMemoryLifetimeManager } from "./in-memory-lifetime-manager.ts";

describe("the in-memory lifetime manager", () => {
  for (const law of lifetimeManagerSpec) {
    test(law.name, async () => {
      await expect(
        law.check(async () => ({
          managers: [new InMemoryLifetimeManager<RecordingConnection>()],
          settle: async () => {},
          dispose: async () => {},
        })),
      ).resolves.toBeUndefined();
    });
  }
});

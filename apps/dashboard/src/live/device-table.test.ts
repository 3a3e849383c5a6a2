import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aDevice, after, anUpdate, nine } from "./a-device.ts";
import { createDeviceTable } from "./device-table.ts";

const tableAtNine = () => createDeviceTable(() => nine + 3_600_000);

/** One fix of van 7; the place tells the second it was taken at. */
const fixAt = (second: number) => ({ lastLat: 40 + second / 1000, lastLon: 2, lastLocationAt: after(second) });

describe("laws of the device table", () => {
  const seconds = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 30 });
  const sources = fc.array(fc.constantFrom("event", "snapshot", "device"), { minLength: 30, maxLength: 30 });

  test("whatever the order and the source, the newest fix stays", () => {
    fc.assert(
      fc.property(seconds, sources, (order, by) => {
        const table = tableAtNine();
        for (const [index, second] of order.entries()) {
          const fix = fixAt(second);
          if (by[index] === "event") table.updated(anUpdate(fix));
          else if (by[index] === "snapshot") table.snapshot([aDevice(fix)]);
          else table.put(aDevice(fix));
        }
        table.put(aDevice());
        expect(table.get(7)?.fix?.at).toBe(nine + Math.max(...order) * 1000);
        expect(table.get(7)?.fix?.lat).toBeCloseTo(40 + Math.max(...order) / 1000, 9);
      }),
    );
  });

  test("whatever the order, the newest name stays", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (versions) => {
        const table = tableAtNine();
        for (const version of versions) table.put(aDevice({ version, name: `name ${version}` }));
        expect(table.get(7)?.name).toBe(`name ${Math.max(...versions)}`);
      }),
    );
  });

  test("null never clears what is known", () => {
    const table = tableAtNine();
    table.snapshot([aDevice({ ...fixAt(1), batteryLevelPercent: 61, appVersion: "1.2", appInfoAt: after(1) })]);
    table.updated(anUpdate());
    expect(table.get(7)).toMatchObject({ batteryPercent: 61, appVersion: "1.2", fix: { at: nine + 1000 } });
  });
});

describe("the device table", () => {
  test("keeps a report that came before its device", () => {
    const table = tableAtNine();
    table.updated(anUpdate({ ...fixAt(9), batteryLevelPercent: 50 }));
    table.put(aDevice(fixAt(3)));
    expect(table.get(7)).toMatchObject({ batteryPercent: 50, fix: { at: nine + 9000 } });
  });

  test("does not bring an unbound device back for a late report", () => {
    const table = tableAtNine();
    table.snapshot([aDevice()]);
    table.removed(7);
    table.updated(anUpdate(fixAt(1)));
    expect([...table.all()]).toEqual([]);
  });

  test("drops what a later snapshot no longer names, and tells of it", () => {
    const table = tableAtNine();
    table.snapshot([aDevice(), aDevice({ id: 8, name: "Van 08" })]);
    const told: number[] = [];
    table.subscribe((ids) => told.push(...ids));
    table.snapshot([aDevice()]);
    expect(table.get(8)).toBeUndefined();
    expect(told).toContain(8);
  });

  test("refuses a fix from the future, so that it cannot block the true ones", () => {
    const table = createDeviceTable(() => nine);
    table.snapshot([aDevice(fixAt(0))]);
    table.updated(anUpdate(fixAt(121)));
    table.updated(anUpdate(fixAt(1)));
    expect(table.get(7)?.fix?.at).toBe(nine + 1000);
  });

  test("gives another roster for names and members alone, not for positions", () => {
    const table = tableAtNine();
    table.snapshot([aDevice(fixAt(0))]);
    const before = table.roster();
    table.updated(anUpdate(fixAt(5)));
    expect(table.roster()).toBe(before);
    table.put(aDevice({ name: "Ana's van", version: 2 }));
    expect(table.roster()).not.toBe(before);
  });

  test("says that an empty account is loaded", () => {
    const table = tableAtNine();
    let told = 0;
    table.subscribe(() => (told += 1));
    table.snapshot([]);
    expect([table.isLoaded(), told]).toEqual([true, 1]);
  });
});

import type { Plant, Spoilable } from "./plant.ts";

type Write = Spoilable["database"]["writeLocations"];

/** Puts something around every write of fixes. */
const aroundWrites = (app: Spoilable, around: (write: Write) => Write) => {
  const { database } = app;
  app.database = {
    ...database,
    get state() {
      return database.state;
    },
    writeLocations: around((batch) => database.writeLocations(batch)),
  };
};

export const locationPlants: readonly Plant[] = [
  {
    name: "samples are acknowledged before they are written",
    breaks: "G3 what was acknowledged is kept",
    app: (app, { clock }) =>
      aroundWrites(app, (write) => (batch) => {
        clock.after(800, () => void write(batch).catch(() => {}));
        return Promise.resolve({ fresh: batch.samples.map(() => true) });
      }),
  },
  {
    name: "the disk forgets every tenth batch",
    breaks: "G3 what was acknowledged is kept",
    store() {
      let batches = 0;
      return (request, answer) => {
        if (request.kind !== "locations" || ++batches % 10 > 0) return answer(request);
        return { kind: "fresh", fresh: new Uint8Array(request.columns.samples.length).fill(1) };
      };
    },
  },
  {
    name: "a sample that is known counts as accepted",
    breaks: "G1 the same again is a duplicate",
    app: (app) =>
      aroundWrites(app, (write) => async (batch) => {
        await write(batch);
        return { fresh: batch.samples.map(() => true) };
      }),
  },
  {
    name: "an older fix replaces a newer one",
    breaks: "G4 the last position only moves forward",
    app: (app) =>
      aroundWrites(app, (write) => async (batch) => {
        const written = await write(batch);
        for (const { accountId, deviceId } of batch.samples) {
          const device = app.devices.get(accountId, deviceId);
          if (device !== null) device.lastLocationAt = null;
        }
        return written;
      }),
  },
  {
    name: "retention counts minutes as days",
    breaks: "G2 a bad sample spoils no other",
    app(app) {
      const { account } = app.accounts;
      const minutesPerDay = 24 * 60;
      app.accounts = {
        ...app.accounts,
        async account(accountId) {
          const found = await account(accountId);
          return { ...found, retentionDays: found.retentionDays / minutesPerDay / 60 };
        },
      };
    },
  },
  {
    name: "live fixes are never written",
    breaks: "what was acknowledged is not behind what is shown",
    app(app) {
      const { journal } = app;
      app.journal = {
        live: () => {},
        touched: () => {},
        writeFixes: () => journal.writeFixes(),
        flush: () => journal.flush(),
        get queued() {
          return journal.queued;
        },
        get recorded() {
          return journal.recorded;
        },
      };
    },
  },
  {
    name: "the server's clock is an hour ahead of the world's",
    breaks: "G5 a future stamp never poisons the latest",
    clock: (clock) => ({ ...clock, now: () => clock.now() + 3_600_000 }),
  },
];

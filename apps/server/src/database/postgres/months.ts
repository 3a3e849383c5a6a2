import type { Leases, Scope } from "./lease.ts";

/** A month of UTC as its first ms. */
export type Month = number;

/** Outside of this no device's fix is kept: no clock of a phone makes a partition for the year 9999. */
const latestMs = Date.UTC(2100, 0);

function monthOf(ms: number): Month {
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

const monthAfter = (month: Month): Month => {
  const date = new Date(month);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
};

const nameOf = (month: Month): string =>
  `location_samples_${new Date(month).toISOString().slice(0, 7).replace("-", "_")}`;

const monthNamed = (name: string): Month | null => {
  const [, year, month] = /^location_samples_(\d{4})_(\d\d)$/.exec(name) ?? [];
  return year === undefined ? null : Date.UTC(Number(year), Number(month) - 1);
};

export type Months = {
  /** Makes the partitions that are missing for these times, this month's and the next one's. */
  ensure(times: Iterable<number>): Promise<void>;
  /** Drops the months that ended before `ms`; returns them. */
  dropBefore(ms: number): Promise<Month[]>;
};

/** Partitions of location_samples, one a month. Not to be called twice at once. */
export function createMonths(leases: Leases, scope: Scope, now: () => number): Months {
  let known: Set<Month> | null = null;

  async function alone(statements: readonly string[]): Promise<void> {
    const lease = await leases.take(scope);
    try {
      await lease.begin("read committed");
      for (const statement of statements) await lease.run(statement, []);
      await lease.commit();
    } finally {
      await lease.release();
    }
  }

  async function existing(): Promise<Set<Month>> {
    const lease = await leases.take(scope);
    try {
      const { rows } = await lease.run(
        "select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'location_samples'::regclass",
        [],
      );
      return new Set(rows.flatMap((row) => monthNamed(String(row["name"])) ?? []));
    } finally {
      await lease.release();
    }
  }

  /** Attached afterwards: that waits for no reader, and no reader for it. */
  const make = (month: Month): Promise<void> =>
    alone([
      `create table ${nameOf(month)} (like location_samples including defaults including constraints)`,
      // Rows are reached through the parent and its policy; by itself a partition shows none.
      `alter table ${nameOf(month)} enable row level security`,
      `alter table ${nameOf(month)} force row level security`,
      `alter table location_samples attach partition ${nameOf(month)} for values from (${month}) to (${monthAfter(month)})`,
    ]);

  return {
    async ensure(times) {
      known ??= await existing();
      const current = monthOf(now());
      const wanted = new Set<Month>([current, monthAfter(current)]);
      for (const time of times) if (time >= 0 && time < latestMs) wanted.add(monthOf(time));
      for (const month of wanted) {
        if (known.has(month)) continue;
        await make(month);
        known.add(month);
      }
    },
    async dropBefore(ms) {
      known ??= await existing();
      const past = [...known].filter((month) => monthAfter(month) <= ms).toSorted((a, b) => a - b);
      for (const month of past) {
        await alone([`drop table ${nameOf(month)}`]);
        known.delete(month);
      }
      return past;
    },
  };
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Acknowledgement, acknowledged, cancelled, expired, newTimeline, type Timeline } from "./message-state.ts";

const acknowledgement: fc.Arbitrary<Acknowledgement> = fc.oneof(
  fc.constant<Acknowledgement>({ kind: "received" }),
  fc.constant<Acknowledgement>({ kind: "seen" }),
  fc.record({ kind: fc.constant("responded" as const), responseText: fc.constantFrom("yes", "no", "late") }),
);
type Step = Acknowledgement | { kind: "cancelled" | "expired" };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: acknowledgement },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: "cancelled" }, { kind: "expired" }) },
);

const rank = { queued: 0, sent: 1, received: 2, seen: 3, responded: 4, cancelled: 9, expired: 9 } as const;

function take(before: Timeline, one: Step, at: number): Timeline {
  switch (one.kind) {
    case "cancelled":
      return cancelled(before, at);
    case "expired":
      return expired(before);
    default:
      return acknowledged(before, one, at);
  }
}

/** Every timeline on the way, the new one first; each step a second after the one before. */
const way = (steps: readonly Step[]): Timeline[] => {
  const timelines = [newTimeline];
  for (const [index, one] of steps.entries())
    timelines.push(take(timelines.at(-1) ?? newTimeline, one, 1_000 * (index + 1)));
  return timelines;
};
const end = (steps: readonly Step[]): Timeline => way(steps).at(-1) ?? newTimeline;
const facts = ({ state, sentAt, receivedAt, seenAt, respondedAt }: Timeline) => [
  state,
  ...[sentAt, receivedAt, seenAt, respondedAt].map((at) => at !== null),
];

describe("the timeline of a message", () => {
  test("every order and repetition of received, seen and response ends alike", () => {
    fc.assert(
      fc.property(
        fc
          .uniqueArray(acknowledgement, { minLength: 1, selector: ({ kind }) => kind })
          .chain((set) =>
            fc.tuple(
              fc.shuffledSubarray(set, { minLength: set.length }),
              fc.array(fc.constantFrom(...set), { maxLength: 8 }),
              fc.shuffledSubarray(set, { minLength: set.length }),
            ),
          ),
        ([one, repeated, other]) => {
          expect(facts(end([...one, ...repeated]))).toEqual(facts(end(other)));
        },
      ),
    );
  });

  test("the state never falls, an end is never left, and what is known stays known with its first time", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const timelines = way(steps);
        for (const [index, after] of timelines.entries()) {
          const before = timelines[index - 1];
          if (before === undefined) continue;
          if (rank[before.state] === 9) expect(after.state).toBe(before.state);
          else expect(rank[after.state]).toBeGreaterThanOrEqual(rank[before.state]);
          for (const key of ["sentAt", "receivedAt", "seenAt", "respondedAt", "responseText", "cancelledAt"] as const) {
            if (before[key] !== null) expect(after[key]).toBe(before[key]);
          }
        }
      }),
    );
  });

  test("a reply implies seen, seen implies received, received implies sent", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        for (const { sentAt, receivedAt, seenAt, respondedAt, responseText } of way(steps)) {
          if (respondedAt !== null) expect(seenAt).not.toBeNull();
          if (seenAt !== null) expect(receivedAt).not.toBeNull();
          if (receivedAt !== null) expect(sentAt).not.toBeNull();
          expect(responseText === null).toBe(respondedAt === null);
        }
      }),
    );
  });

  test("of two replies the first stays", () => {
    const replies: Step[] = [
      { kind: "responded", responseText: "yes" },
      { kind: "responded", responseText: "no" },
    ];
    expect(end(replies)).toMatchObject({ state: "responded", responseText: "yes", respondedAt: 1_000 });
  });

  test("what the phone has is neither cancelled nor does it expire", () => {
    expect(end([{ kind: "received" }, { kind: "cancelled" }, { kind: "expired" }])).toMatchObject({
      state: "received",
      cancelledAt: null,
    });
  });

  test("an acknowledgement after the end is on record, and the end stays the state", () => {
    const late = end([{ kind: "cancelled" }, { kind: "responded", responseText: "on my way" }]);
    expect(late).toMatchObject({
      state: "cancelled",
      cancelledAt: 1_000,
      receivedAt: 2_000,
      responseText: "on my way",
    });
    expect(end([{ kind: "expired" }, { kind: "seen" }])).toMatchObject({ state: "expired", seenAt: 2_000 });
  });
});

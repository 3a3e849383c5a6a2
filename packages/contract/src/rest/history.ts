import { z } from "zod";
import { samplesReceipt } from "../models.ts";
import { idInPath, syncState, time } from "../values.ts";
import { defineOperations } from "./operation.ts";

/** What the history of a device can be asked for at once, and how much of it a phone may send. */
export const historyLimits = {
  /** Samples in one batch: half an hour to three hours of driving, and a tenth of a second of the server's work. */
  batchSamples: 2_000,
  /** One batch, unpacked: 2,000 samples of 270 bytes, and as much again for a client that writes them with blanks. */
  batchBytes: 1024 * 1024,
  /** Hours that a phone can be asked for: what a phone keeps at least. */
  syncHours: 168,
} as const;

const deviceParams = z.object({ id: idInPath });

/** `ackedThrough` is a time as the phone sent it. */
const historyReceipt = samplesReceipt
  .extend({
    ackedThrough: time.nullable().meta({
      description:
        "Every sample of this request up to and including this time is on disk or named in `rejected`; null when none is. A phone that sends its fixes from the oldest on, one request at a time, may forget all up to it.",
    }),
  })
  .meta({ id: "HistoryReceipt" });

export const historyOperations = defineOperations({
  historySync: {
    method: "POST",
    path: "/api/devices/history-sync",
    access: "device",
    tag: "Phones",
    summary:
      "Kept fixes of the phone, in any order and as often as it likes; `final` says that there are no more. An empty batch is good only as the final one",
    body: z
      .strictObject({
        samples: z
          .array(z.unknown().meta({ $ref: "#/components/schemas/LocationSample" }))
          .max(historyLimits.batchSamples),
        final: z.boolean().optional(),
      })
      .refine(({ samples, final }) => samples.length > 0 || final === true, {
        path: ["samples"],
        message: "must not be empty",
      }),
    bodyLimitBytes: historyLimits.batchBytes,
    bodyEncodings: ["gzip"],
    answer: { status: 200, body: historyReceipt },
    errors: ["rate-limited"],
  },
  requestHistorySync: {
    method: "POST",
    path: "/api/devices/{id}/history-sync",
    access: "dispatcher",
    tag: "History",
    summary:
      "Asks the phone for the fixes it has kept: at once when it is connected, and at each connect until it is done",
    params: deviceParams,
    body: z.strictObject({
      hours: z
        .int()
        .min(1)
        .max(historyLimits.syncHours)
        .meta({ examples: [24] }),
    }),
    answer: { status: 202, body: z.object({ syncState }) },
    errors: ["not-found", "rate-limited"],
  },
});

import { z } from "zod";
import { defineOperations } from "./operation.ts";

export const runningOperations = defineOperations({
  healthLive: {
    method: "GET",
    path: "/health/live",
    access: "anyone",
    tag: "Operations",
    summary: "200 while the process runs",
    answer: { status: 200, body: z.object({ status: z.literal("live") }) },
    errors: [],
  },
  healthReady: {
    method: "GET",
    path: "/health/ready",
    access: "anyone",
    tag: "Operations",
    summary: "200 when it serves; 503 while it starts, drains, or has no database",
    answer: { status: 200, body: z.object({ status: z.literal("ready") }) },
    errors: ["unavailable"],
  },
  metrics: {
    method: "GET",
    path: "/metrics",
    access: "operator",
    tag: "Operations",
    summary: "Prometheus text; with METRICS_TOKEN set, as Bearer token",
    answer: { status: 200, body: z.string(), contentType: "text/plain" },
    errors: [],
  },
});

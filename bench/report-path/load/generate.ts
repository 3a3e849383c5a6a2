// A process of its own: connects, reports at a steady rate, counts what comes back and how long it took.
import { WebSocket } from "ws";
import { ageMs, type Listening, type SubjectName, toLongitude } from "../shape.ts";
import { type Wire, wires } from "./clients.ts";

export type Order =
  | { kind: "connect"; subject: SubjectName; listening: Listening; vans: number; dashboards: number }
  | { kind: "run"; reportsPerSecond: number; seconds: number };

export type Outcome = { sent: number; acknowledged: number; news: number; latenciesMs: number[]; behind: boolean };

/** Connections opened at once. */
const opening = 50;
/** Every nth dashboard reads what it gets; the others only count bytes, to keep this process light. */
const readEvery = 10;
/** Reports are sent in little bursts, as a clock of 5 ms gives them. */
const tickMs = 5;

const vans: WebSocket[] = [];
const dashboards: WebSocket[] = [];
let wire: Wire;
let acknowledged = 0;
let news = 0;
let latenciesMs: number[] = [];

async function connect(url: string, onMessage: (message: Buffer) => void): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true });
  await new Promise<void>((ready, failed) => {
    socket.once("error", failed);
    socket.on("open", () => {
      if (wire.hello !== null) socket.send(wire.hello);
      else if (wire.answer("0{") === null) ready();
    });
    socket.on("message", (message: Buffer) => {
      const text = message.length < 200 ? message.toString() : "";
      if (text !== "" && wire.isReady(text)) ready();
      const answer = text === "" ? null : wire.answer(text);
      if (answer !== null) socket.send(answer);
      onMessage(message);
    });
  });
  return socket;
}

async function connectAll(order: Extract<Order, { kind: "connect" }>): Promise<void> {
  wire = wires[order.subject];
  const { port, vanTokens, dashboardTokens } = order.listening;
  const jobs: (() => Promise<void>)[] = [];
  for (let index = 0; index < order.dashboards; index += 1) {
    const reads = index % readEvery === 0;
    jobs.push(async () => {
      const token = dashboardTokens[index % dashboardTokens.length] ?? "";
      dashboards.push(
        await connect(wire.url(port, token), (message) => {
          if (!reads) return;
          const now = performance.now();
          for (const longitude of wire.longitudes(message.toString())) {
            news += 1;
            latenciesMs.push(ageMs(longitude, now));
          }
        }),
      );
    });
  }
  for (let index = 0; index < order.vans; index += 1) {
    jobs.push(async () => {
      const token = vanTokens[index % vanTokens.length] ?? "";
      vans.push(
        await connect(wire.url(port, token), (message) => {
          acknowledged += wire.done(message.toString());
        }),
      );
    });
  }
  const worker = async () => {
    for (let job = jobs.pop(); job !== undefined; job = jobs.pop()) await job();
  };
  await Promise.all(Array.from({ length: opening }, worker));
}

async function run(reportsPerSecond: number, seconds: number): Promise<Outcome> {
  acknowledged = 0;
  news = 0;
  latenciesMs = [];
  let sent = 0;
  let next = 0;
  const startedAt = performance.now();
  await new Promise<void>((done) => {
    const timer = setInterval(() => {
      const elapsed = performance.now() - startedAt;
      const due = Math.floor((Math.min(elapsed, seconds * 1_000) / 1_000) * reportsPerSecond);
      for (; sent < due; sent += 1) {
        // A stride that is prime to the number of vans spreads neighbours in time over the accounts.
        next = (next + 1_009) % vans.length;
        vans[next]?.send(wire.report(sent, 41.38, toLongitude(performance.now())));
      }
      if (elapsed >= seconds * 1_000) {
        clearInterval(timer);
        done();
      }
    }, tickMs);
  });
  await new Promise((resume) => setTimeout(resume, 300));
  return { sent, acknowledged, news, latenciesMs, behind: acknowledged < sent * 0.98 };
}

process.on("message", (order: Order) => {
  const work = order.kind === "connect" ? connectAll(order) : run(order.reportsPerSecond, order.seconds);
  work.then(
    (outcome) => process.send?.(outcome ?? { connected: vans.length + dashboards.length }),
    (error: unknown) => {
      process.stderr.write(`load: ${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => process.exit(0));

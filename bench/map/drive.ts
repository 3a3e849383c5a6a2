// A process of its own: the phones of one fleet at a time, each over a connection of its own, all driving.
import { WebSocket } from "ws";
import { box, reportEvery, speedMps } from "./shape.ts";

export type DriveOrder = { readonly host: string; readonly tokens: readonly string[] };

type Van = { readonly socket: WebSocket; lat: number; lon: number; heading: number; reports: number };

/** Connections opened at once. */
const opening = 40;
/** Vans report one after the other, spread over their 5 s as those of a city are. */
const tickMs = 20;
const end = "\u001e";
const metersPerLat = 111_195;
const metersPerLon = metersPerLat * Math.cos((41.4 * Math.PI) / 180);

let vans: Van[] = [];
let timer: NodeJS.Timeout | undefined;

async function connect({ host, tokens }: DriveOrder): Promise<void> {
  const waiting = tokens.map((token, index) => ({ token, index }));
  const worker = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { token, index } = next;
      const socket = await open(`ws://${host}/hubs/fleet?access_token=${token}`);
      // A machine that is very busy may let one wait too long: it comes again, as phones do.
      if (socket === null) waiting.unshift(next);
      else vans.push({ socket, ...placeOf(index), heading: (index * 137.5) % 360, reports: 0 });
    }
  };
  await Promise.all(Array.from({ length: opening }, worker));
}

const open = (url: string): Promise<WebSocket | null> =>
  new Promise((done) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    socket.once("open", () => socket.send(`{"protocol":"json","version":1}${end}`));
    socket.once("message", () => done(socket));
    socket.on("error", () => done(null));
    socket.once("close", () => done(null));
  });

/** Spread over the box, the same in each run: two numbers that have nothing to do with each other. */
function placeOf(index: number): { lat: number; lon: number } {
  const share = (irrational: number) => (0.5 + index * irrational) % 1;
  return {
    lat: box.south + (box.north - box.south) * share(0.7548776662),
    lon: box.west + (box.east - box.west) * share(0.569840291),
  };
}

/** Goes on for 5 s: straight on, at times round a corner, and back at the edge of the box. */
function drive(van: Van): void {
  const meters = speedMps * reportEvery;
  if (van.reports % 6 === 5) van.heading = (van.heading + 90) % 360;
  const step = () => ({
    lat: van.lat + (Math.cos((van.heading * Math.PI) / 180) * meters) / metersPerLat,
    lon: van.lon + (Math.sin((van.heading * Math.PI) / 180) * meters) / metersPerLon,
  });
  let { lat, lon } = step();
  if (lat < box.south || lat > box.north || lon < box.west || lon > box.east) {
    van.heading = (van.heading + 180) % 360;
    ({ lat, lon } = step());
  }
  Object.assign(van, { lat, lon, reports: van.reports + 1 });
  van.socket.send(
    `{"type":1,"invocationId":"${van.reports}","target":"ReportLocation","arguments":[${lat},${lon},61,"1.0","en"]}${end}`,
  );
}

/** Those that are connected report while the others still come: a phone that is silent for long is cut off. */
function start(): void {
  let before = performance.now();
  let owed = 0;
  let next = 0;
  timer = setInterval(() => {
    const now = performance.now();
    owed += ((now - before) / (reportEvery * 1_000)) * vans.length;
    before = now;
    for (; owed >= 1; owed -= 1) {
      const van = vans[next++ % vans.length];
      if (van !== undefined) drive(van);
    }
  }, tickMs);
}

process.on("message", (order: DriveOrder) => {
  clearInterval(timer);
  for (const { socket } of vans) socket.terminate();
  vans = [];
  start();
  connect(order).then(
    () => process.send?.({ connected: vans.length }),
    (error: unknown) => {
      process.stderr.write(`drive: ${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => process.exit(0));

import type { SubjectName } from "../shape.ts";

/** How the load generator speaks to a subject: as little work per message as can be, so that it never is the bottleneck. */
export type Wire = {
  url(port: number, token: string): string;
  /** Sent at once when the socket is open; null when the server speaks first. */
  hello: string | null;
  /** What to answer to a message that is no news and no acknowledgement. */
  answer(message: string): string | null;
  /** The message after which the client counts as connected. */
  isReady(message: string): boolean;
  report(id: number, lat: number, lon: number): string;
  /** How often "this report is taken" stands in a message. */
  done(message: string): number;
  /** Longitudes of the news in a message. */
  longitudes(message: string): number[];
};

const end = "\u001e";

function matches(message: string, mark: string): number {
  let count = 0;
  for (let at = message.indexOf(mark); at !== -1; at = message.indexOf(mark, at + mark.length)) count += 1;
  return count;
}

const longitudesAfter = (pattern: RegExp) => (message: string) =>
  [...message.matchAll(pattern)].map((match) => Number(match[1]));

export const wires: Record<SubjectName, Wire> = {
  "dsp-fleet": {
    url: (port, token) => `ws://127.0.0.1:${port}/hubs/fleet?access_token=${token}`,
    hello: `{"protocol":"json","version":1}${end}`,
    answer: () => null,
    isReady: (message) => message.startsWith("{}"),
    report: (id, lat, lon) =>
      `{"type":1,"invocationId":"${id}","target":"ReportLocation","arguments":[${lat},${lon},61,"1.0","en"]}${end}`,
    done: (message) => matches(message, '{"type":3'),
    longitudes: longitudesAfter(/"arguments":\[\d+,true,[\d.]+,([\d.]+)/g),
  },
  ws: {
    url: (port, token) => `ws://127.0.0.1:${port}/?${token}`,
    hello: null,
    answer: () => null,
    isReady: () => false,
    report: (id, lat, lon) =>
      `{"type":"report","id":${id},"lat":${lat},"lon":${lon},"batteryPercent":61,"appVersion":"1.0","appLanguage":"en"}`,
    done: (message) => matches(message, '{"type":"done"'),
    longitudes: longitudesAfter(/"lastLon":([\d.]+)/g),
  },
  "socket.io": {
    url: (port, token) => `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket&${token}`,
    hello: null,
    answer: (message) => (message.startsWith("0{") ? "40" : message === "2" ? "3" : null),
    isReady: (message) => message.startsWith("40"),
    report: (id, lat, lon) =>
      `42${id}["report",{"lat":${lat},"lon":${lon},"batteryPercent":61,"appVersion":"1.0","appLanguage":"en"}]`,
    done: (message) => (message.startsWith("43") ? 1 : 0),
    longitudes: longitudesAfter(/"lastLon":([\d.]+)/g),
  },
};

import {
  HttpTransportType,
  type HubConnection,
  HubConnectionBuilder,
  type IHttpConnectionOptions,
  type IRetryPolicy,
  LogLevel,
} from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";

/** Names of each event's arguments, in the order of the wire. */
const eventArguments: Readonly<Record<string, readonly string[]>> = {
  DeviceUpdated: [
    "deviceId",
    "isConnected",
    "lastLat",
    "lastLon",
    "lastLocationAt",
    "batteryLevelPercent",
    "appVersion",
    "appLanguage",
    "appInfoAt",
    "syncState",
  ],
  ReceiveMessage: ["messageId", "body", "displaySeconds"],
  DeviceMessageReceived: ["deviceId", "messageId"],
  DeviceMessageAcknowledged: ["deviceId", "messageId"],
  DeviceMessageSeen: ["deviceId", "messageId"],
  DeviceMessageResponse: ["deviceId", "messageId", "responseText", "respondedAt"],
  MessageUpdated: ["message"],
  ZoneSync: ["zones"],
  ZoneAdded: ["zone"],
  ZoneDeleted: ["zoneId"],
  ZoneVisitChanged: ["visit"],
  DeviceAdded: ["device"],
  DeviceChanged: ["device"],
  DeviceRemoved: ["deviceId"],
  RequestHistorySync: ["hours"],
  HistoryProgress: ["progress"],
  DeviceBound: ["bound"],
  StartFastLocation: ["intervalSeconds", "durationSeconds"],
  StopFastLocation: [],
  RescueSessionStarted: ["session"],
  RescuePeerLocation: ["position"],
  RescueSessionEnded: ["ending"],
};

export type ReceivedEvent = { event: string; args: unknown[]; named: Record<string, unknown> };
export type Match = (named: Record<string, unknown>) => boolean;

export type HubClientOptions = {
  token?: string | (() => string);
  /** This one alone; by default what client and server agree on, which is WebSockets. */
  transport?: "WebSockets" | "ServerSentEvents" | "LongPolling";
  /** Straight to WebSockets, without asking the server first. */
  skipNegotiation?: boolean;
  /** Speaks MessagePack instead of JSON. */
  messagePack?: boolean;
  reconnect?: IRetryPolicy | number[];
  /** How often the client says that it is there; default 15 s. */
  pingEveryMs?: number;
  headers?: Record<string, string>;
};

/** A stock SignalR client that remembers what it received. */
export type HubClient = AsyncDisposable & {
  readonly connection: HubConnection;
  readonly received: ReceivedEvent[];
  /** Every hub message as it came over the wire. */
  readonly wire: string[];
  /** The first event of this name, not taken before, that fits; waits up to 8 s. */
  next(event: string, fits?: Match): Promise<Record<string, unknown>>;
  count(event: string): number;
  invoke<T = unknown>(method: string, ...args: unknown[]): Promise<T>;
  /** How the call was refused, in the server's words; throws when it was not. */
  refusal(method: string, ...args: unknown[]): Promise<string>;
  /** Resolves when the client gives up. */
  readonly closed: Promise<Error | undefined>;
  readonly reconnecting: Promise<Error | undefined>;
  readonly reconnected: Promise<void>;
  stop(): Promise<void>;
};

const patienceMs = 8_000;

/** Connects a stock client to a hub's address; throws when it is refused. */
export async function connectHub(url: string, options: HubClientOptions = {}): Promise<HubClient> {
  const { token, reconnect, pingEveryMs } = options;
  const wire: string[] = [];
  const http: IHttpConnectionOptions = {
    ...(token === undefined ? {} : { accessTokenFactory: () => (typeof token === "string" ? token : token()) }),
    ...(options.transport === undefined ? {} : { transport: HttpTransportType[options.transport] }),
    ...(options.skipNegotiation === true ? { skipNegotiation: true, transport: HttpTransportType.WebSockets } : {}),
    ...(options.headers === undefined ? {} : { headers: options.headers }),
    logMessageContent: true,
    logger: {
      log(level, message) {
        if (level === LogLevel.Trace && message.includes("data received")) wire.push(message);
      },
    },
  };
  let builder = new HubConnectionBuilder().withUrl(url, http);
  if (options.messagePack === true) builder = builder.withHubProtocol(new MessagePackHubProtocol());
  if (pingEveryMs !== undefined) builder = builder.withKeepAliveInterval(pingEveryMs);
  if (Array.isArray(reconnect)) builder = builder.withAutomaticReconnect(reconnect);
  else if (reconnect !== undefined) builder = builder.withAutomaticReconnect(reconnect);
  const connection = builder.build();

  const received: ReceivedEvent[] = [];
  const taken = new Set<ReceivedEvent>();
  const waiting = new Set<() => void>();
  for (const [event, names] of Object.entries(eventArguments)) {
    connection.on(event, (...args: unknown[]) => {
      const named = Object.fromEntries(args.map((arg, index) => [names[index] ?? `argument ${index}`, arg]));
      received.push({ event, args, named });
      for (const look of [...waiting]) look();
    });
  }
  const closed = new Promise<Error | undefined>((resolve) => connection.onclose(resolve));
  const reconnecting = new Promise<Error | undefined>((resolve) => connection.onreconnecting(resolve));
  const reconnected = new Promise<void>((resolve) => connection.onreconnected(() => resolve()));
  await connection.start();

  const client: HubClient = {
    connection,
    received,
    wire,
    closed,
    reconnecting,
    reconnected,
    next: (event, fits = () => true) =>
      new Promise((resolve, reject) => {
        const seen = () =>
          `${event} did not come; there were ${JSON.stringify(received.map((one) => [one.event, ...one.args]))}`;
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(seen()));
        }, patienceMs);
        const look = () => {
          const found = received.find((one) => one.event === event && !taken.has(one) && fits(one.named));
          if (found === undefined) return;
          clearTimeout(timer);
          waiting.delete(look);
          taken.add(found);
          resolve(found.named);
        };
        waiting.add(look);
        look();
      }),
    count: (event) => received.filter((one) => one.event === event).length,
    invoke: <T>(method: string, ...args: unknown[]) => answered(method, connection.invoke<T>(method, ...args)),
    async refusal(method, ...args) {
      let result: unknown;
      try {
        result = await client.invoke(method, ...args);
      } catch (error) {
        return (error as Error).message;
      }
      throw new Error(`${method} was not refused but answered ${JSON.stringify(result)}`);
    },
    stop: () => connection.stop(),
    [Symbol.asyncDispose]: () => connection.stop(),
  };
  return client;
}

/** A call that is never answered is told from one that takes long. */
async function answered<T>(method: string, call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${method} was never answered`)), 2 * patienceMs);
  });
  try {
    return await Promise.race([call, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** Long enough for anything that was on its way to have arrived. */
export const aWhile = (ms = 120): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

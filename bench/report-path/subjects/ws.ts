// What one would write by hand: ws and JSON, positions in a Map, no database, no checks, no limits.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { dashboardCount, shape, vanCount } from "../shape.ts";
import { answerParent } from "./serve.ts";

type Report = { id: number; lat: number; lon: number; batteryPercent: number };

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
const dashboards = new Map<number, Set<WebSocket>>();
const devices = new Map<number, unknown>();
let reports = 0;

sockets.on("connection", (socket, request) => {
  const query = new URL(request.url ?? "/", "http://localhost").searchParams;
  const account = Number(query.get("account"));
  const van = query.get("van");
  if (van === null) {
    const members = dashboards.get(account) ?? new Set();
    dashboards.set(account, members.add(socket));
    socket.on("close", () => members.delete(socket));
    return;
  }
  const deviceId = Number(van);
  socket.on("message", (data: Buffer) => {
    const report = JSON.parse(data.toString()) as Report;
    reports += 1;
    const at = new Date().toISOString();
    const device = {
      deviceId,
      isConnected: true,
      lastLat: report.lat,
      lastLon: report.lon,
      lastLocationAt: at,
      batteryLevelPercent: report.batteryPercent,
      appVersion: "1.0",
      appLanguage: "en",
      appInfoAt: at,
      syncState: "idle",
    };
    devices.set(deviceId, device);
    const news = JSON.stringify({ type: "DeviceUpdated", ...device });
    for (const dashboard of dashboards.get(account) ?? []) dashboard.send(news);
    socket.send(JSON.stringify({ type: "done", id: report.id }));
  });
});

server.listen(0, "127.0.0.1", () => {
  const token = (kind: string) => (index: number) =>
    `account=${index % shape.accounts}${kind === "van" ? `&van=${index}` : ""}`;
  answerParent(
    {
      port: (server.address() as AddressInfo).port,
      vanTokens: Array.from({ length: vanCount }, (_, index) => token("van")(index)),
      dashboardTokens: Array.from({ length: dashboardCount }, (_, index) => token("dashboard")(index)),
    },
    () => reports,
    async () => void server.close(),
  );
});

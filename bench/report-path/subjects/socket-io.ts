// socket.io as its documents show it: a room for each account, an acknowledgement for each report, no database.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { dashboardCount, shape, vanCount } from "../shape.ts";
import { answerParent } from "./serve.ts";

type Report = { lat: number; lon: number; batteryPercent: number };

const http = createServer();
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });
const devices = new Map<number, unknown>();
let reports = 0;

io.on("connection", (socket) => {
  const { account, van } = socket.handshake.query;
  const room = `account:${String(account)}`;
  if (van === undefined) {
    void socket.join(room);
    return;
  }
  const deviceId = Number(van);
  socket.on("report", (report: Report, done: () => void) => {
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
    io.to(room).emit("DeviceUpdated", device);
    done();
  });
});

http.listen(0, "127.0.0.1", () => {
  answerParent(
    {
      port: (http.address() as AddressInfo).port,
      vanTokens: Array.from({ length: vanCount }, (_, index) => `account=${index % shape.accounts}&van=${index}`),
      dashboardTokens: Array.from({ length: dashboardCount }, (_, index) => `account=${index % shape.accounts}`),
    },
    () => reports,
    async () => void io.close(),
  );
});

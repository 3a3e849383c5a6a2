import type { Plant } from "./plant.ts";

export const pairingPlants: readonly Plant[] = [
  {
    name: "a code that was used stays good",
    breaks: "a code works once",
    store: () => (request, answer) =>
      request.kind === "query" && request.sql.startsWith('update "pending_devices" set "bound_at"')
        ? { kind: "rows", rows: [{ id: 1 }] }
        : answer(request),
  },
  {
    name: "a phone that was away when it was bound is forgotten",
    breaks: "DeviceBound reaches a phone that was away",
    app(app) {
      const { findByGuid } = app.pending;
      app.pending = {
        ...app.pending,
        findByGuid: async (...args) => ({ ...(await findByGuid(...args)), bound: null }),
      };
    },
  },
  {
    name: "a phone is handed the token of the device before it",
    breaks: "a position is its own device's",
    app(app) {
      const { issueDevice } = app.tokens;
      app.tokens = {
        ...app.tokens,
        issueDevice: (device) => issueDevice({ ...device, deviceId: Math.max(1, device.deviceId - 1) }),
      };
    },
  },
  {
    name: "an unbound device is taken off the list, and its connections stay",
    breaks: "an unbound phone hears and says nothing more",
    app(app) {
      app.tell = { ...app.tell, disconnectDevice: () => {} };
    },
  },
  {
    name: "an unbound device stays in memory, and its token good",
    breaks: "an unbound phone hears and says nothing more",
    app(app) {
      Object.assign(app.devices, { remove: () => {} });
    },
  },
];

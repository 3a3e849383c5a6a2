import type { Plant } from "./plant.ts";

export const presencePlants: readonly Plant[] = [
  {
    name: "a phone that lost its connection is away at once",
    breaks: "a phone that returns within 10 s was never gone",
    app(app) {
      const { presence } = app;
      app.presence = { ...presence, disconnected: (device) => presence.disconnected(device, "silent") };
    },
  },
  {
    name: "a phone that fell silent is never given up",
    breaks: "a dead phone is shown as away within 35 s",
    app(app) {
      const { presence } = app;
      app.presence = {
        ...presence,
        disconnected: (device, how, silentMs) => how === "closed" && presence.disconnected(device, how, silentMs),
      };
    },
  },
  {
    name: "after a restart every phone counts as connected",
    breaks: "a dead phone is shown as away within 35 s",
    app(app) {
      for (const accountId of [1, 2]) for (const device of app.devices.list(accountId)) device.isConnected = true;
    },
  },
  {
    name: "the end of a phone's old connection ends its new one",
    breaks: "a phone that is there is shown as connected",
    app(app) {
      const { presence } = app;
      app.presence = {
        ...presence,
        disconnected(device) {
          device.isConnected = false;
          app.tell.deviceUpdated(device);
        },
      };
    },
  },
];

import type { Plant } from "./plant.ts";

export const accountPlants: readonly Plant[] = [
  {
    name: "what is told to one account goes to its neighbour's group",
    breaks: "nothing of another account is heard",
    app(app) {
      const { account } = app.tell;
      app.tell = { ...app.tell, account: (accountId) => account(accountId === 1 ? 2 : 1) };
    },
  },
  {
    name: "a snapshot has the devices of all accounts",
    breaks: "nothing of another account is heard",
    app(app) {
      const { list } = app.devices;
      Object.assign(app.devices, { list: () => [1, 2].flatMap((accountId) => list(accountId)) });
    },
  },
  {
    name: "a refresh token that comes twice ends its session",
    breaks: "a lost answer signs nobody out",
    app(app) {
      const { refresh } = app.sessions;
      const spent = new Set<string>();
      app.sessions = {
        ...app.sessions,
        refresh(token, ...rest) {
          if (spent.has(token)) return Promise.resolve(null);
          spent.add(token);
          return refresh(token, ...rest);
        },
      };
    },
  },
  {
    name: "every twentieth update gets lost on its way to the account",
    breaks: "D10 a dashboard shows what the server has",
    app(app) {
      const { deviceUpdated } = app.tell;
      let updates = 0;
      app.tell = {
        ...app.tell,
        deviceUpdated(device) {
          updates += 1;
          if (updates % 20 > 0) deviceUpdated(device);
        },
      };
    },
  },
  {
    name: "a change is not told to the account",
    breaks: "D10 a dashboard shows what the server has",
    app(app) {
      const { account } = app.tell;
      app.tell = { ...app.tell, account: (accountId) => ({ ...account(accountId), DeviceRemoved: () => {} }) };
    },
  },
];

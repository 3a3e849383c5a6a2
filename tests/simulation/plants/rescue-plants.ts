import type { Plant } from "./plant.ts";

export const rescuePlants: readonly Plant[] = [
  {
    name: "a phone that connects is not told of its rescue",
    breaks: "D11 both phones know how their rescue stands",
    app(app) {
      app.rescues = { ...app.rescues, greet: () => {} };
    },
  },
  {
    name: "a peer's position comes after the end",
    breaks: "D11 a peer's positions stop with the session",
    app(app) {
      const { end } = app.rescues;
      app.rescues = {
        ...app.rescues,
        async end(ending) {
          const outcome = await end(ending);
          if (outcome.kind === "ended") {
            const { rescueeDeviceId, rescuerDeviceId } = outcome.rescue;
            const position = { peerDeviceId: rescueeDeviceId, lat: 1, lon: 1, atUtc: new Date(0).toISOString() };
            app.clock.after(5_000, () => app.tell.device(rescuerDeviceId).RescuePeerLocation({ position }));
          }
          return outcome;
        },
      };
    },
  },
  {
    name: "a second rescue begins before the first is over",
    breaks: "D11 a device is in one rescue at most",
    store: () => (request, answer) => {
      if (request.kind !== "query") return answer(request);
      // Who takes part in a rescue is never written down, so nobody is found to be in one.
      return request.sql.startsWith('insert into "rescue_participants"')
        ? { kind: "rows", rows: [{ device_id: 1 }] }
        : answer(request);
    },
  },
];

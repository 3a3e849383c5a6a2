import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Somebody else's map style, on an origin of its own. */
export type StyleServer = AsyncDisposable & {
  readonly url: string;
  /** How often the style was asked for. */
  readonly asked: () => number;
};

export type StyleAnswer = "style" | "refuses" | "hangs";

/** The one colour of the foreign map's ground, and of the disc that it draws at each place. */
export const ground = "#f6e7c8";
export const disc = "#ff00ff";

/** Answers with a map that is plain but for a disc at each place; or does not. */
export async function serveStyle(
  answer: StyleAnswer,
  places: readonly { lat: number; lon: number }[] = [],
): Promise<StyleServer> {
  let asked = 0;
  const hanging: ServerResponse[] = [];
  const server = createServer((_, response) => {
    asked += 1;
    if (answer === "hangs") return void hanging.push(response);
    response.writeHead(answer === "style" ? 200 : 500, {
      "content-type": "application/json",
      "access-control-allow-origin": "*",
    });
    response.end(JSON.stringify(answer === "style" ? styleOf(places) : {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/style.json`,
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const styleOf = (places: readonly { lat: number; lon: number }[]) => ({
  version: 8,
  sources: {
    places: {
      type: "geojson",
      data: { type: "MultiPoint", coordinates: places.map(({ lat, lon }) => [lon, lat]) },
      attribution: "Somebody else",
    },
  },
  layers: [
    { id: "ground", type: "background", paint: { "background-color": ground } },
    { id: "discs", type: "circle", source: "places", paint: { "circle-color": disc, "circle-radius": 17 } },
  ],
});

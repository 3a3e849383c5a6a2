import type { Zone } from "@dsp-fleet/contract";
import type { People } from "./people.ts";

/** A circle as it is drawn. */
export const aCircle = (lat: number, lon: number, radiusMeters = 200, more: Record<string, unknown> = {}) => ({
  name: "Depot",
  kind: "depot",
  color: "#cc2200",
  geometry: { type: "Point", coordinates: [lon, lat] },
  radiusMeters,
  ...more,
});

/** A square with its south-western corner here; `size` in degrees. */
export const aSquare = (lat: number, lon: number, size = 0.01, more: Record<string, unknown> = {}) => ({
  name: "Field",
  geometry: {
    type: "Polygon",
    coordinates: [
      [
        [lon, lat],
        [lon + size, lat],
        [lon + size, lat + size],
        [lon, lat + size],
        [lon, lat],
      ],
    ],
  },
  ...more,
});

/** Draws a zone as a dispatcher of the account. */
export async function drawZone(people: People, account: string, body: object): Promise<Zone> {
  const { token } = await people.account(account);
  const answer = await people.rest<Zone>("POST /api/zones", { token, body });
  if (answer.status !== 201) throw new Error(`not drawn: ${answer.status} ${answer.text}`);
  return answer.body;
}

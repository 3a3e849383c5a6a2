import { CityError, type EnsureCityOptions, ensureCity } from "@dsp-fleet/city";
import { loadRoads, type RoadGraph } from "@dsp-fleet/city/roads";

/** There are no roads to drive on; the message says why and what to do. */
export class NoRoadsError extends Error {
  override readonly name = "NoRoadsError";
}

/** The city's roads for the vans. The first call on a machine fetches 45 MB; throws NoRoadsError when it cannot. */
export const loadCityRoads = async (options: EnsureCityOptions = {}): Promise<RoadGraph> => {
  try {
    return await loadRoads(await ensureCity(options), options.log);
  } catch (error) {
    if (!(error instanceof CityError)) throw error;
    const advice =
      "The vans drive on the roads of a city map that is fetched once from the npm registry; connect, then start again.";
    throw new NoRoadsError(`${error.message} ${advice}`, { cause: error });
  }
};

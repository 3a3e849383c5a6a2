import { accountPlants } from "./account-plants.ts";
import { locationPlants } from "./location-plants.ts";
import { messagePlants } from "./message-plants.ts";
import { pairingPlants } from "./pairing-plants.ts";
import type { Plant } from "./plant.ts";
import { presencePlants } from "./presence-plants.ts";
import { rescuePlants } from "./rescue-plants.ts";

/** Every bug that the simulation must find. */
export const plants: readonly Plant[] = [
  ...pairingPlants,
  ...locationPlants,
  ...presencePlants,
  ...accountPlants,
  ...messagePlants,
  ...rescuePlants,
];

import { createContext, useContext } from "react";
import type { Fleet } from "./fleet.ts";

const FleetContext = createContext<Fleet | null>(null);

export const FleetProvider = FleetContext.Provider;

export function useFleet(): Fleet {
  const fleet = useContext(FleetContext);
  if (fleet === null) throw new Error("useFleet outside of a FleetProvider");
  return fleet;
}

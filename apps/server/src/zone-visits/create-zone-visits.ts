import type { Database } from "../database/database.ts";
import { type VisitRepository, visitRepository } from "./visit-repository.ts";

export type ZoneVisits = { readonly repository: VisitRepository };

export const createZoneVisits = (database: Database): ZoneVisits => ({ repository: visitRepository(database) });

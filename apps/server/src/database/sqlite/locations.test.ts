import { locationsSpec } from "../specs/locations-spec.ts";
import { aDatabase } from "../testing.ts";

locationsSpec(aDatabase);

export { cityCacheDir } from "./cache-folder.ts";
export { CityError, type CityErrorCode } from "./city-error.ts";
export { CITY_FILE } from "./city-file.ts";
export { type CityFile, type EnsureCityOptions, ensureCity } from "./ensure-city.ts";
export { ATTRIBUTION_HTML, ATTRIBUTION_TEXT, CITY_NOTICE } from "./notice.ts";
export { type Bounds, openTiles, type Tiles, type TilesMetadata } from "./tiles.ts";

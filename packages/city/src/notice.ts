/** Attribution that every map drawn from these tiles must show (HTML, opens in a new tab). */
export const ATTRIBUTION_HTML =
  '<a href="https://www.openmaptiles.org/" target="_blank" rel="noopener">© OpenMapTiles</a> ' +
  '<a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noopener">© OpenStreetMap contributors</a>';

/** The same attribution as plain text. */
export const ATTRIBUTION_TEXT = "© OpenMapTiles © OpenStreetMap contributors";

/** The paragraph for a NOTICE file or an "about" page. */
export const CITY_NOTICE = `The local city map (Barcelona, July 2017) is not part of this software. It is fetched at first use.
Map data © OpenStreetMap contributors, available under the Open Database License (ODbL) 1.0,
https://www.openstreetmap.org/copyright.
Tile schema © OpenMapTiles, design and cartography available under CC-BY 4.0, https://openmaptiles.org.
The road graph and the delivery stops of the simulator are derived from this data and stand under the ODbL as well.`;

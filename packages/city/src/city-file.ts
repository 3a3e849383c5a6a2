/** The one file that the local city is made of, and the npm package that carries it. */
export const CITY_FILE = {
  packageSpec: "@yermo/maplibre-gl-capacitor-offline@1.15.5",
  /** Bytes of the packed package: what a first start has to fetch. */
  packedBytes: 44_706_698,
  entry: "package/www/data/2017-07-03_spain_barcelona.mbtiles",
  bytes: 23_805_952,
  sha256: "7ab045ee605bd82e501c2f5b2278b23cc0e0c0917686220ad42260babec18410",
  /** The name in the cache carries the checksum, so another edition never meets an old file. */
  cacheName: "barcelona-7ab045ee.mbtiles",
} as const;

import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { FastifyInstance } from "fastify";
import { ProblemError } from "../http/problem.ts";
import type { StaticRoute } from "../http/static-routes.ts";
import { mapConfig } from "./map-config.ts";
import { type MapTiles, tileAddress } from "./tiles.ts";

export type MapOptions = {
  /** A style URL, or `local`. */
  readonly mapStyleUrl: string;
  /** The local city; null when it is not there. */
  readonly tiles: MapTiles | null;
};

const tileRoute = "/map/tiles/:z/:x/:y" satisfies StaticRoute;
const configRoute = "/map/config.json" satisfies StaticRoute;
const unzip = promisify(gunzip);

/** A week: the tiles change with the product's version alone. */
const tileCaching = "public, max-age=604800";

/** The base map: where its style is, and the tiles of the local city, passed on as they are kept. */
export function registerMap(app: FastifyInstance, { mapStyleUrl, tiles }: MapOptions): void {
  const config = JSON.stringify(mapConfig(mapStyleUrl, tiles));
  app.get(configRoute, { schema: { hide: true } }, async (_request, reply) =>
    reply.header("cache-control", "no-cache").type("application/json; charset=utf-8").send(config),
  );

  app.get<{ Params: { z: string; x: string; y: string } }>(
    tileRoute,
    { schema: { hide: true }, compress: false },
    async (request, reply) => {
      if (tiles === null) throw new ProblemError("not-found", "This server has no local map.");
      const address = tileAddress(request.params);
      if (address === null) throw new ProblemError("not-found", "There can be no such tile.");
      const tile = tiles.tile(address.z, address.x, address.y);
      reply.header("cache-control", tileCaching);
      if (tile === null) return reply.code(204).send();
      reply.type("application/vnd.mapbox-vector-tile").header("vary", "Accept-Encoding, Origin");
      if (!acceptsGzip(request.headers["accept-encoding"])) return reply.send(await unzip(tile));
      return reply.header("content-encoding", "gzip").send(Buffer.from(tile.buffer, tile.byteOffset, tile.byteLength));
    },
  );
}

const acceptsGzip = (header: string | string[] | undefined): boolean =>
  /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))|\*/.test(String(header ?? ""));

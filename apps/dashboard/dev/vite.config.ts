import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { type Connect, defineConfig, type Plugin } from "vite";
import { ATTRIBUTION_HTML, ensureCity, openTiles } from "../../../packages/city/src/index.ts";

/** The local city's tiles, as the server gives them. */
const city = (): Plugin => {
  const serve = async (middlewares: Connect.Server): Promise<void> => {
    const tiles = openTiles(await ensureCity());
    middlewares.use("/map/config.json", (_, response) => {
      const { bounds, center } = tiles.metadata;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ styleUrl: "local", hasCity: true, bounds, center, attribution: ATTRIBUTION_HTML }));
    });
    middlewares.use("/map/tiles/", (request, response) => {
      const [z = 0, x = 0, y = 0] = (request.url ?? "").split("/").filter(Boolean).map(Number);
      const tile = tiles.tile(z, x, y);
      if (tile === null) {
        response.statusCode = 204;
        response.end();
        return;
      }
      response.setHeader("content-type", "application/x-protobuf");
      response.setHeader("content-encoding", "gzip");
      response.end(tile);
    });
  };
  return {
    name: "local-city",
    configureServer: ({ middlewares }) => serve(middlewares),
    configurePreviewServer: ({ middlewares }) => serve(middlewares),
  };
};

/** The dashboard over a made-up fleet in the page: `vite --config dev/vite.config.ts`, then /dev/scenes.html?vans=12. */
export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  plugins: [react(), city()],
  server: { host: "127.0.0.1" },
  preview: { host: "127.0.0.1" },
  build: {
    outDir: fileURLToPath(new URL("../../../.cache/dashboard-scenes", import.meta.url)),
    emptyOutDir: true,
    target: "es2024",
    assetsInlineLimit: 0,
    rolldownOptions: { input: fileURLToPath(new URL("scenes.html", import.meta.url)) },
  },
});

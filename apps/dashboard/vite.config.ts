import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  base: "/",
  build: {
    target: "es2024",
    sourcemap: true,
    // No inlined assets: the page's policy takes scripts, workers and fonts from its own origin alone.
    assetsInlineLimit: 0,
    // The map is one lazy chunk of about 1 MB.
    chunkSizeWarningLimit: 1300,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // One chunk, so that zod is told of the page's policy before the contract's chunk makes its first schema.
          groups: [{ name: "checks", test: /[\\/](?:zod[\\/]|jitless\.ts$)/ }],
        },
      },
    },
  },
});

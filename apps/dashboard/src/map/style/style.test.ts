import { describe, expect, test } from "vitest";
import { type MapConfig, readMapConfig } from "../map-config.ts";
import { chooseStyle } from "./choose-style.ts";

const config: MapConfig = { ...readMapConfig({}), styleUrl: "https://tiles.example/style.json" };
const choose = (send: typeof fetch, of = config) =>
  chooseStyle(of, "dark", "https://fleet.example", send, new AbortController().signal);
const style = { version: 8, layers: [] };

describe("the base map", () => {
  test("is the style that the server names", async () => {
    expect(await choose(async () => Response.json(style))).toEqual({
      style: "https://tiles.example/style.json",
      isLocal: false,
    });
  });

  test.each<[string, typeof fetch]>([
    ["refuses", async () => new Response(null, { status: 500 })],
    ["cannot be reached", () => Promise.reject(new TypeError("no network"))],
    ["is no style", async () => new Response("<html>")],
  ])("is the own one when that style %s", async (_, send) => {
    expect((await choose(send)).isLocal).toBe(true);
  });

  test("asks nobody when the server says local", async () => {
    const send = () => Promise.reject(new Error("asked"));
    expect((await choose(send, { ...config, styleUrl: "local" })).isLocal).toBe(true);
  });

  test("has no glyphs, so that names need no other server", async () => {
    const { style } = await choose(() => Promise.reject(new Error("asked")), { ...config, styleUrl: "local" });
    expect(style).not.toHaveProperty("glyphs");
  });
});

describe("what the server says about its map", () => {
  test("may be incomplete", () => {
    expect(readMapConfig({ hasCity: true, bounds: [1, 2, 3], center: { lon: 2, lat: 41, zoom: 12 } })).toMatchObject({
      styleUrl: "local",
      hasCity: true,
      bounds: [-170, -55, 170, 72],
      center: { lon: 2, lat: 41, zoom: 12 },
    });
  });

  test("may give the centre as a list", () => {
    expect(readMapConfig({ center: [2, 41] }).center).toEqual({ lon: 2, lat: 41, zoom: 11 });
  });
});

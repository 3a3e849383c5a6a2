import { describe, expect, test } from "vitest";
import { z } from "zod";
import { html, prose } from "./html.ts";
import { typeWords } from "./type-words.ts";

describe("a page's text", () => {
  test("cannot become markup", () => {
    const name = `<img src=x onerror="alert('1')">&`;
    expect(html`<p title="${name}">${name}</p>`.markup).not.toMatch(/<img|="alert|'1'/);
  });

  test("keeps markup that is markup already", () => {
    expect(html`<p>${html`<b>${"a < b"}</b>`} ${[1, html`<i>2</i>`]}</p>`.markup).toBe(
      "<p><b>a &#60; b</b> 1<i>2</i></p>",
    );
  });

  test("shows words between backticks as code, and escapes them too", () => {
    expect(html`${prose("Send `<id>` again")}`.markup).toBe("Send <code>&#60;id&#62;</code> again");
  });
});

describe("types in words", () => {
  test.each([
    [z.number().min(-90).max(90), "number (−90 to 90)"],
    [z.int(), "integer"],
    [z.int().min(1), "integer (1 or more)"],
    [z.number().max(3), "number (3 or less)"],
    [z.string().min(1).max(64).nullable(), "string (1–64 characters) | null"],
    [z.string().max(64), "string (up to 64 characters)"],
    [z.string().length(6), "string (6 characters)"],
    [z.iso.datetime(), "time (UTC, ISO-8601)"],
    [z.enum(["mph", "kmh"]), '"mph" | "kmh"'],
    [z.literal("Bearer"), '"Bearer"'],
    [z.array(z.boolean()).min(1).max(500), "list of boolean (1–500)"],
    [z.object({ index: z.int(), code: z.string() }), "{ index: integer, code: string }"],
    [z.unknown(), "any value"],
    [z.unknown().meta({ title: "string (32 hex digits)" }), "string (32 hex digits)"],
  ])("%#: %s", (schema, words) => {
    expect(typeWords(schema)).toBe(words);
  });
});

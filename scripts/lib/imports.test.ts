import { expect, test } from "vitest";
import { importsOf } from "./imports.ts";

test("every form of import is read, with the line it ends on", () => {
  const source = `import "./a.css";
import type { B } from "b";
import c, {
  type D,
} from "c";
export * from "./e.ts";
export { f } from "./f.ts";
const g = await import("g");
type H = import("h").H;
const i = new URL("./i.ts", import.meta.url);
`;
  expect(importsOf(source).map(({ specifier, line }) => `${line} ${specifier}`)).toEqual([
    "1 ./a.css",
    "2 b",
    "5 c",
    "6 ./e.ts",
    "7 ./f.ts",
    "8 g",
    "9 h",
  ]);
});

test("what stands in a comment is no import, what stands after a string with slashes is", () => {
  const source = `// import "a";
/* import "b";
 */
const url = "https://example.org"; /** import("c") */
import "d";
`;
  expect(importsOf(source)).toEqual([{ specifier: "d", line: 5 }]);
});

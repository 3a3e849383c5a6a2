import { expect, test } from "vitest";
import { tidySchemas } from "./component-schemas.ts";

const to = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const document = (paths: object, schemas: object) => ({ paths, components: { schemas } });
const post = (sent: object, answered: object) => ({
  "/a": { post: { requestBody: sent, responses: { 200: answered } } },
});

test("a schema that nothing refers to is left out", () => {
  expect(tidySchemas(document({}, { Spare: { type: "object" } })).components.schemas).toEqual({});
});

test("a schema that is only sent drops its Input", () => {
  const tidy = tidySchemas(
    document(post(to("VanInput"), {}), { VanInput: { type: "object" }, Van: { type: "object" } }),
  );
  expect(tidy.paths).toEqual(post(to("Van"), {}));
  expect(tidy.components.schemas).toEqual({ Van: { type: "object" } });
});

test("a schema that is sent as it is answered has one name", () => {
  const closed = { type: "object", additionalProperties: false };
  const tidy = tidySchemas(document(post(to("VanInput"), to("Van")), { VanInput: { type: "object" }, Van: closed }));
  expect(tidy.paths).toEqual(post(to("Van"), to("Van")));
});

test("a schema that is sent stricter than it is answered keeps both names", () => {
  const strict = { type: "object", additionalProperties: false };
  const tidy = tidySchemas(document(post(to("VanInput"), to("Van")), { VanInput: strict, Van: strict }));
  expect(tidy.components.schemas).toEqual({ Van: { type: "object" }, VanInput: strict });
});

test("schemas that are reached through others stay", () => {
  const schemas = { Fleet: { items: to("Van") }, Van: { type: "object" } };
  expect(Object.keys(tidySchemas(document(post({}, to("Fleet")), schemas)).components.schemas)).toEqual([
    "Fleet",
    "Van",
  ]);
});

test("patterns beside a format and bounds of the number type are no news", () => {
  const schema = {
    properties: { at: { format: "date-time", pattern: "x" }, rev: { minimum: Number.MIN_SAFE_INTEGER, maximum: 9 } },
  };
  const tidy = tidySchemas(document(post({}, to("Live")), { Live: schema }));
  expect(tidy.components.schemas).toEqual({
    Live: { properties: { at: { format: "date-time" }, rev: { maximum: 9 } } },
  });
});

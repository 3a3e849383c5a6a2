import { expect, test } from "vitest";
import { readArguments } from "./arguments.ts";

const needed = ["--url", "http://127.0.0.1:8080/", "--email", "a@example.com", "--password", "secret"];

test("what is needed is enough", () => {
  expect(readArguments(needed, {})).toEqual({
    url: "http://127.0.0.1:8080",
    email: "a@example.com",
    password: "secret",
    vans: 12,
    seed: 1,
    speed: 1,
    data: "data/simulator",
  });
});

test("the password may come from the environment", () => {
  expect(readArguments(needed.slice(0, 4), { SIMULATOR_PASSWORD: "hidden" }).password).toBe("hidden");
});

test.each([
  [[], "--url is missing"],
  [["--url", "fleet.example", ...needed.slice(2)], "--url must be a http"],
  [[...needed, "--vans", "0"], "--vans must be 1 to 1000"],
  [[...needed, "--vans", "many"], "--vans must be 1 to 1000"],
  [[...needed, "--seed", "1.5"], "--seed must be a whole number"],
  [[...needed, "--speed", "0"], "--speed must be more than 0"],
  [[...needed, "--colour", "red"], "--colour"],
  [needed.slice(0, 4), "--password is missing"],
])("a wrong command line names its option: %j", (args, message) => {
  expect(() => readArguments(args, {})).toThrow(message);
});

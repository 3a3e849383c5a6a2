import { type ErrorCode, errors, type Operation, operations } from "@dsp-fleet/contract";
import { ProblemError, problemBody, problemContentType } from "../http/problem.ts";
import { errorsOf } from "../http/route-schema.ts";
import { advice } from "./error-advice.ts";

type Response = { content?: Record<string, object> };
type Described = { responses?: Record<string, Response> };

const contentType = problemContentType.split(";")[0] ?? "";

/** Shows, at each status of each operation, one problem for every code that it can mean. */
export function withProblemExamples<D extends { paths?: object | undefined }>(document: D): D {
  const paths = structuredClone(document.paths ?? {}) as Record<string, Record<string, Described>>;
  const all: readonly Operation[] = Object.values(operations);
  for (const operation of all) {
    const responses = paths[operation.path]?.[operation.method.toLowerCase()]?.responses ?? {};
    for (const [status, codes] of Map.groupBy(errorsOf(operation), (code) => errors[code].status)) {
      const problem = responses[status]?.content?.[contentType];
      if (problem !== undefined) Object.assign(problem, { examples: examplesOf(codes) });
    }
  }
  return { ...document, paths };
}

const examplesOf = (codes: readonly ErrorCode[]): Record<string, object> =>
  Object.fromEntries(
    codes.map((code) => {
      const fields = code === "invalid-request" ? { errors: { name: ["must not be empty"] } } : {};
      const problem = new ProblemError(code, advice[code].replaceAll("`", ""), fields);
      return [code, { summary: errors[code].title, value: problemBody(problem, "req-4f2a") }];
    }),
  );

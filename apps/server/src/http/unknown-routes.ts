import type { FastifyInstance } from "fastify";
import { ProblemError } from "./problem.ts";
import { sendProblem } from "./problem-replies.ts";
import type { PageFallback } from "./web-app.ts";

type KnownPath = { readonly pattern: RegExp; readonly methods: Set<string> };

/** The web app's page for its own addresses; 404 for one that nobody knows; 405 with Allow for one that is known by another method. */
export function answerUnknownRoutes(app: FastifyInstance, pageFallback: PageFallback): void {
  const known = new Map<string, KnownPath>();

  app.addHook("onRoute", ({ url, method }) => {
    if (url.includes("*")) return;
    const path = known.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    for (const each of [method].flat()) path.methods.add(each);
    known.set(url, path);
  });

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "";
    const methods = [...known.values()]
      .filter(({ pattern }) => pattern.test(path))
      .flatMap((each) => [...each.methods]);
    if (methods.length === 0) {
      const page = pageFallback(request, reply);
      if (page !== null) return page;
      return sendProblem(
        request,
        reply,
        new ProblemError("not-found", "There is nothing at this address; /scalar lists what there is."),
      );
    }
    const allow = [...new Set(methods)].toSorted().join(", ");
    reply.header("allow", allow);
    if (request.method === "OPTIONS") return reply.code(204).send();
    return sendProblem(request, reply, new ProblemError("method-not-allowed", `This address takes ${allow}.`));
  });
}

const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll(/:\w+/g, "[^/]+")}$`);

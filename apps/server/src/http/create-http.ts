import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import { constants } from "node:zlib";
import compress from "@fastify/compress";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import type { Registry } from "prom-client";
import { describeRoutes } from "../docs/openapi.ts";
import { registerDocs } from "../docs/register-docs.ts";
import type { RestLimits } from "../limits/rest-limits.ts";
import { registerMap } from "../map/register-map.ts";
import type { MapTiles } from "../map/tiles.ts";
import type { ApplicationHandlers, Principals } from "./context.ts";
import { guardOrigins } from "./cross-origin.ts";
import type { TrustProxy } from "./forwarded.ts";
import { acceptJsonAlone } from "./json-body.ts";
import { type ListenOptions, listen } from "./listen.ts";
import { measureRequests } from "./metrics.ts";
import { createNodeServer, type Intercept, refuseMalformed, requestLimits } from "./node-server.ts";
import { createOriginPolicy, type OriginPolicy } from "./origin-policy.ts";
import { ProblemError } from "./problem.ts";
import { problemFrom, sendProblem } from "./problem-replies.ts";
import { registerOperations } from "./register-operations.ts";
import { runningHandlers } from "./running.ts";
import { addSecurityHeaders } from "./security-headers.ts";
import { answerUnknownRoutes } from "./unknown-routes.ts";
import { validatorCompiler } from "./validation.ts";
import { type PageFallback, registerWebApp } from "./web-app.ts";

export type HttpOptions = {
  readonly handlers: ApplicationHandlers;
  readonly principals: Principals;
  /** Bounds the calls of each operation; nothing is counted without it. */
  readonly limits?: RestLimits;
  readonly logger: FastifyBaseLogger;
  readonly allowedOrigins: readonly string[];
  readonly trustProxy: TrustProxy;
  readonly publicUrl: string | null;
  readonly isReady: () => boolean | Promise<boolean>;
  readonly isDraining: () => boolean;
  readonly metrics: Registry;
  readonly metricsToken: string | null;
  /** A MapLibre style, or `local`. */
  readonly mapStyleUrl: string;
  /** The local city; null when it is not there. Stays the caller's to close. */
  readonly tiles: MapTiles | null;
  /** Folder of the built dashboard. */
  readonly webRoot: string | null;
  /** Sees every request first; the hubs take theirs here. */
  readonly intercept?: Intercept;
  /** Parses answers by the contract too. For tests. */
  readonly checkAnswers?: boolean;
  /** A fresh trace id, 32 hex digits. */
  readonly newTraceId?: () => string;
};

export type Http = AsyncDisposable & {
  readonly app: FastifyInstance;
  /** For upgrades, which never reach the API. */
  readonly server: Server;
  readonly originPolicy: OriginPolicy;
  /** `GET /api/devices/:id` and so on, all there are. */
  readonly routes: readonly string[];
  /** Gives the port; throws ListenError. */
  listen(options: ListenOptions): Promise<number>;
  close(): Promise<void>;
};

/** The HTTP face of the server: the contract's operations, documents, map and web app. */
export async function createHttp(options: HttpOptions): Promise<Http> {
  const newTraceId = options.newTraceId ?? (() => randomBytes(16).toString("hex"));
  const app = Fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "traceId" }),
    genReqId: newTraceId,
    bodyLimit: requestLimits.bodyBytes,
    return503OnClosing: false,
    serverFactory: (handler) => createNodeServer(handler, options.intercept ?? (() => false)),
    clientErrorHandler: (error, socket) => refuseMalformed(error, socket, newTraceId()),
    frameworkErrors: (error, request, reply) => {
      sendProblem(request, reply, problemFrom(error, request));
    },
  });
  const originPolicy = createOriginPolicy(options);
  const routes: string[] = [];
  app.addHook("onRoute", ({ method, url }) => {
    for (const each of [method].flat()) if (each !== "HEAD") routes.push(`${each} ${url}`);
  });

  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, problemFrom(error, request)));
  acceptJsonAlone(app);
  let pageFallback: PageFallback = () => null;
  answerUnknownRoutes(app, (request, reply) => pageFallback(request, reply));
  logRequests(app);
  measureRequests(app, options.metrics);
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-trace-id", request.id);
    if (options.isDraining()) reply.header("connection", "close");
    if (request.url.length > requestLimits.urlCharacters)
      throw new ProblemError("uri-too-long", "An address may have at most 4,096 characters.");
  });
  await addSecurityHeaders(app, options);
  guardOrigins(app, originPolicy);
  await app.register(compress, {
    encodings: ["br", "gzip"],
    threshold: 1024,
    globalDecompression: false,
    // The quick levels: an answer of 2 MB costs about 10 ms and shrinks to a tenth.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } },
    zlibOptions: { level: 2 },
  });
  await describeRoutes(app);
  registerOperations(app, {
    ...options,
    handlers: { ...options.handlers, ...runningHandlers(options) },
    checkAnswers: options.checkAnswers ?? false,
  });
  registerDocs(app);
  registerMap(app, options);
  pageFallback = await registerWebApp(app, options.webRoot);
  await app.ready();

  const close = async (): Promise<void> => app.close();
  return {
    app,
    server: app.server,
    originPolicy,
    routes,
    listen: (where) => listen(app, where),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** One line for each request, without its address: that may carry tokens and positions. */
function logRequests(app: FastifyInstance): void {
  app.addHook("onResponse", async (request, reply) => {
    const { method, routeOptions } = request;
    request.log.debug(
      { method, route: routeOptions.url ?? null, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      "request",
    );
  });
}

import {
  type HttpClient,
  HttpError,
  type HttpRequest,
  HttpResponse,
  HubConnectionBuilder,
  LogLevel,
} from "@microsoft/signalr";
import { HubError } from "./hub-error.ts";
import type { OpenConnection } from "./open-connection.ts";

/** Longest wait for one HTTP answer; above the 90 s of a long poll. */
const httpTimeoutMs = 100_000;

/** The stock SignalR client over the given fetch: WebSockets, else Server-Sent Events, else long polling. */
export function stockConnection(send: typeof fetch = (input, init) => fetch(input, init)): OpenConnection {
  return (target) => {
    const refused = { seen: false };
    const connection = new HubConnectionBuilder()
      .withUrl(target.url, {
        httpClient: httpClient(send, () => {
          refused.seen = true;
        }),
        accessTokenFactory: target.accessToken,
        withCredentials: false,
        timeout: httpTimeoutMs,
      })
      .configureLogging(LogLevel.None)
      .build();
    return {
      async start() {
        try {
          await connection.start();
        } catch (cause) {
          if (refused.seen) throw new HubError("unauthorized", "the server refused the token", cause);
          throw cause;
        }
      },
      stop: () => connection.stop(),
      invoke: (method, args) => connection.invoke(method, ...args),
      on: (event, handler) => connection.on(event, (...args: unknown[]) => handler(args)),
      onClose: (handler) =>
        connection.onclose((error) => handler(error?.message ?? "the server closed the connection")),
    };
  };
}

/** The stock client's own HTTP hides the status of a failed negotiation and keeps a cookie jar for each connection; this one does neither. */
function httpClient(send: typeof fetch, onUnauthorized: () => void): HttpClient {
  async function run(request: HttpRequest): Promise<HttpResponse> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), request.timeout ?? httpTimeoutMs);
    // The stock client's own abort signal knows no listeners, only this property.
    if (request.abortSignal) Object.assign(request.abortSignal, { onabort: () => abort.abort() });
    try {
      const { content } = request;
      const response = await send(request.url ?? "", {
        method: request.method ?? "GET",
        headers: { "X-Requested-With": "XMLHttpRequest", ...request.headers },
        ...(content === undefined || content === "" ? {} : { body: content }),
        cache: "no-cache",
        credentials: request.withCredentials === true ? "include" : "same-origin",
        signal: abort.signal,
      });
      if (response.status === 401) onUnauthorized();
      const body = request.responseType === "arraybuffer" ? await response.arrayBuffer() : await response.text();
      if (!response.ok)
        throw new HttpError(typeof body === "string" && body !== "" ? body : response.statusText, response.status);
      return new HttpResponse(response.status, response.statusText, body);
    } finally {
      clearTimeout(timer);
      if (request.abortSignal) Object.assign(request.abortSignal, { onabort: null });
    }
  }
  return {
    send: run,
    get: (url: string, options?: HttpRequest) => run({ ...options, method: "GET", url }),
    post: (url: string, options?: HttpRequest) => run({ ...options, method: "POST", url }),
    delete: (url: string, options?: HttpRequest) => run({ ...options, method: "DELETE", url }),
    getCookieString: () => "",
  };
}

/** What a hub may know of the request that a connection came with. */
export type ConnectRequest = {
  /** As requested, without the query. */
  readonly path: string;
  /** Client's address; behind trusted proxies the one that they saw. */
  readonly remoteAddress: string;
  /** The Host header. */
  readonly host: string;
  readonly encrypted: boolean;
  /** Bearer header, else `?access_token`. Null once connected: secrets are not kept. */
  readonly accessToken: string | null;
  /** First value; the name's case does not matter. */
  query(name: string): string | null;
  /** The name's case does not matter. After connecting, credentials and hop-by-hop headers are gone. */
  header(name: string): string | null;
};

export type RequestFacts = {
  readonly url: string;
  /** Names and values in turn, as node:http gives them. */
  readonly rawHeaders: readonly string[];
  readonly remoteAddress: string;
  readonly encrypted: boolean;
};

const forgotten =
  /^(authorization|cookie|proxy-authorization|connection|upgrade|pragma|cache-control|accept-encoding|sec-websocket-.*)$/;
const lineEnd = "\n";

export class ParsedConnectRequest implements ConnectRequest {
  readonly path: string;
  readonly remoteAddress: string;
  readonly encrypted: boolean;
  readonly accessToken: string | null;
  readonly #query: string;
  /** `name:value` lines: one string costs an idle connection far less than an array of them. */
  readonly #headers: string;

  constructor(
    facts: Omit<RequestFacts, "url" | "rawHeaders"> & {
      path: string;
      query: string;
      headers: string;
    },
  ) {
    this.path = facts.path;
    this.remoteAddress = facts.remoteAddress;
    this.encrypted = facts.encrypted;
    this.#query = facts.query;
    this.#headers = facts.headers;
    this.accessToken = this.#readAccessToken();
  }

  get host(): string {
    return this.header("host") ?? "";
  }

  query(name: string): string | null {
    const wanted = name.toLowerCase();
    for (const [key, value] of new URLSearchParams(this.#query)) {
      if (key.toLowerCase() === wanted) return value;
    }
    return null;
  }

  header(name: string): string | null {
    const start = this.#headers.indexOf(`${lineEnd}${name.toLowerCase()}:`);
    if (start === -1) return null;
    const valueStart = start + name.length + 2;
    return this.#headers.slice(valueStart, this.#headers.indexOf(lineEnd, valueStart));
  }

  /** The same request without secrets, in as few bytes as it takes. */
  forKeeping(): ParsedConnectRequest {
    const parameters = [...new URLSearchParams(this.#query)].filter(([key]) => !/^(access_token|id)$/i.test(key));
    const headers = this.#headers.split(lineEnd).filter((line) => !forgotten.test(line.slice(0, line.indexOf(":"))));
    return new ParsedConnectRequest({
      path: this.path,
      remoteAddress: this.remoteAddress,
      encrypted: this.encrypted,
      query: own(new URLSearchParams(parameters).toString()),
      headers: own(headers.join(lineEnd)),
    });
  }

  #readAccessToken(): string | null {
    const bearer = /^bearer +(.+)$/i.exec(this.header("authorization") ?? "")?.[1];
    return bearer ?? this.query("access_token");
  }
}

export function parseConnectRequest(facts: RequestFacts): ParsedConnectRequest {
  const question = facts.url.indexOf("?");
  let headers = lineEnd;
  for (let index = 0; index + 1 < facts.rawHeaders.length; index += 2) {
    headers += `${facts.rawHeaders[index]?.toLowerCase()}:${facts.rawHeaders[index + 1]}${lineEnd}`;
  }
  return new ParsedConnectRequest({
    path: question === -1 ? facts.url : facts.url.slice(0, question),
    query: question === -1 ? "" : facts.url.slice(question + 1),
    headers,
    remoteAddress: facts.remoteAddress,
    encrypted: facts.encrypted,
  });
}

/** A string of its own: a slice would keep the whole request alive. */
function own(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8");
}

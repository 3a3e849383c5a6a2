/** What REST answered: the body as it came and as JSON, null where it was none. */
export type Answer<T> = { status: number; headers: Headers; text: string; body: T };

export type RestOptions = {
  token?: string;
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
};

/** Calls `GET /api/devices` and the like. */
export async function callRest<T = Record<string, unknown>>(
  address: string,
  request: string,
  { token, body, headers = {} }: RestOptions = {},
): Promise<Answer<T>> {
  const [method = "GET", path = "/"] = request.split(" ");
  const response = await fetch(address + path, {
    method,
    redirect: "manual",
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) as T };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A problem as everybody may see it: what differs from answer to answer is taken out. */
export const withoutTraceId = (answer: Answer<unknown>): string =>
  answer.text.replace(/"traceId":"[0-9a-f]{32}"/, '"traceId":"…"');

/** For answers that came in any order. */
export const sortedStatuses = (answers: readonly Answer<unknown>[]): number[] =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);

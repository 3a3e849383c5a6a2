import type { z } from "zod";
import type { ErrorCode } from "../errors.ts";

/**
 * Who may call: anyone, any signed-in user, a role or one above it, a device, anybody of the account (a user or a device),
 * or whoever runs the server.
 */
export type Access = "anyone" | "user" | "viewer" | "dispatcher" | "owner" | "device" | "account" | "operator";

export type Tag =
  | "Accounts"
  | "Devices"
  | "Phones"
  | "Messages"
  | "History"
  | "Fleet"
  | "Zones"
  | "Rescues"
  | "Operations";

/** The most bytes of a body: more than any call needs that does not carry a list. */
export const bodyBytes = 64 * 1024;

export type Operation = {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** With `{name}` for path parameters. */
  readonly path: string;
  readonly access: Access;
  readonly tag: Tag;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The most bytes that a body may have, where the usual limit (`bodyBytes`) is not enough; say why beside it. */
  readonly bodyLimitBytes?: number;
  /** How the body may be packed, beside not at all; the limit then holds for what it unpacks to as well. */
  readonly bodyEncodings?: readonly "gzip"[];
  /** Takes If-Match with the thing's version and answers 412 when it is another. */
  readonly ifMatch?: true;
  /** Takes Idempotency-Key: the same request with the same key is done once and answered alike, for 24 h. */
  readonly idempotent?: true;
  /** The body, and its content type where it is not JSON. */
  readonly answer: {
    readonly status: 200 | 201 | 202 | 204;
    readonly body: z.ZodType | null;
    readonly contentType?: string;
    /** What it can be asked for as instead of JSON. The answer is then written as it is made, whatever its type. */
    readonly alternatives?: readonly string[];
  };
  /** Beyond those that every operation can give. */
  readonly errors: readonly ErrorCode[];
};

type Output<S> = S extends z.ZodType ? z.output<S> : undefined;
type Input<S> = S extends z.ZodType ? z.input<S> : undefined;

/** What a handler gets, parsed. */
export type OperationInput<O extends Operation> = {
  params: Output<O["params"]>;
  query: Output<O["query"]>;
  body: Output<O["body"]>;
};

export type OperationAnswer<O extends Operation> = O["answer"]["body"] extends z.ZodType
  ? z.output<O["answer"]["body"]>
  : null;

/** An answer that is written as it is made, so that it is never whole in memory. */
export type TextStream = {
  readonly contentType: string;
  /** What a browser saves it as; null to show it. */
  readonly fileName: string | null;
  readonly chunks: AsyncIterable<string>;
};

/** What a handler gives. */
export type HandlerAnswer<O extends Operation> = O["answer"] extends { alternatives: readonly string[] }
  ? TextStream
  : OperationAnswer<O>;

type Given<Name extends string, S> = S extends z.ZodType
  ? Record<never, never> extends z.input<S>
    ? { [K in Name]?: Input<S> }
    : { [K in Name]: Input<S> }
  : { [K in Name]?: never };

/** What a client hands over; `ifMatch` is the version it has seen, `idempotencyKey` its own word for this one request. */
export type OperationRequest<O extends Operation> = Given<"params", O["params"]> &
  Given<"query", O["query"]> &
  Given<"body", O["body"]> & { ifMatch?: O["ifMatch"] extends true ? number : never } & {
    idempotencyKey?: O["idempotent"] extends true ? string : never;
  };

export const defineOperations = <const O extends Readonly<Record<string, Operation>>>(operations: O): O => operations;

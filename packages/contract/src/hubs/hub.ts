import type { z } from "zod";

/** Names in the order of the wire → what each value is. */
export type Shape = Readonly<Record<string, z.ZodType>>;

export type Named<S extends Shape> = { -readonly [K in keyof S]: z.output<S[K]> };

type NullableKey<S extends Shape> = { [K in keyof S]: null extends z.output<S[K]> ? K : never }[keyof S];

/** What a caller writes: values that may be null may be left out. */
export type NamedInput<S extends Shape> = { [K in Exclude<keyof S, NullableKey<S>>]: z.input<S[K]> } & {
  [K in NullableKey<S>]?: z.input<S[K]>;
};

/** Who may call a method: a device, any connection of the hub, or also one whose token has run out. */
export type MethodAccess = "device" | "connection" | "expired";

export type HubMethod = {
  readonly access: MethodAccess;
  readonly summary: string;
  readonly params: Shape;
  readonly returns: z.ZodType | null;
};

export type HubEvent = {
  readonly to: string;
  readonly summary: string;
  readonly args: Shape;
};

export type Hub = {
  readonly name: string;
  readonly path: string;
  readonly summary: string;
  readonly authentication: "required" | "optional";
  readonly groups: Readonly<Record<string, string>>;
  readonly methods: Readonly<Record<string, HubMethod>>;
  readonly events: Readonly<Record<string, HubEvent>>;
};

export type MethodName<H extends Hub> = keyof H["methods"] & string;
export type EventName<H extends Hub> = keyof H["events"] & string;
export type MethodParams<H extends Hub, M extends MethodName<H>> = Named<H["methods"][M]["params"]>;
export type MethodInput<H extends Hub, M extends MethodName<H>> = NamedInput<H["methods"][M]["params"]>;
export type MethodReturn<H extends Hub, M extends MethodName<H>> = H["methods"][M]["returns"] extends z.ZodType
  ? z.output<H["methods"][M]["returns"]>
  : null;
export type EventArgs<H extends Hub, E extends EventName<H>> = Named<H["events"][E]["args"]>;

/** One handler for each method of the hub: leave one out and it does not compile. */
export type HubHandlers<H extends Hub, Context> = {
  readonly [M in MethodName<H>]: (
    context: Context,
    params: MethodParams<H, M>,
  ) => MethodReturn<H, M> | Promise<MethodReturn<H, M>>;
};

export const defineHub = <const H extends Hub>(hub: H): H => hub;

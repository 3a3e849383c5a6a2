import type { App, Clock } from "@dsp-fleet/server/inside";
import type { StoreFault } from "../engine/store.ts";

/** The app as a planted bug sees it. */
export type Spoilable = { -readonly [Part in keyof App]: App[Part] };

/** A bug that is put into the server from outside, to see the checker find it. */
export type Plant = {
  /** What is wrong. */
  readonly name: string;
  /** The promise that it breaks. */
  readonly breaks: string;
  /** Spoils the parts of a process that has just been wired. */
  app?(app: Spoilable, tools: { readonly clock: Clock }): void;
  clock?(clock: Clock): Clock;
  /** Makes a store for each seed. */
  store?(): StoreFault;
};

import type { Session } from "@dsp-fleet/fleet-client";
import { createContext, useContext, useMemo, useSyncExternalStore } from "react";
import { useFleet } from "../fleet-context.tsx";
import { createTimes, englishOf, type Times } from "../text/format.ts";
import { ownTimezone } from "./places.ts";

export type SignedIn = NonNullable<Session["signedIn"]>;

const SignedInContext = createContext<SignedIn | null>(null);
export const SignedInProvider = SignedInContext.Provider;

/** Who is signed in, inside the rooms that only they see. */
export function useSignedIn(): SignedIn {
  const signedIn = useContext(SignedInContext);
  if (signedIn === null) throw new Error("useSignedIn outside of a session");
  return signedIn;
}

/** Who is signed in; null when nobody is. */
export function useSession(): SignedIn | null {
  const { session } = useFleet();
  return useSyncExternalStore(session.onChange, () => session.signedIn);
}

/** Viewers look on; dispatchers and owners may pair, rename and unbind. */
export const useMayDispatch = (): boolean => useSignedIn().user.role !== "viewer";

/** Owners alone see to the people of the account. */
export const useIsOwner = (): boolean => useSignedIn().user.role === "owner";

export function useTimes(): Times {
  const { timezone, country } = useSignedIn().account;
  return useMemo(() => createTimes(englishOf(country), timezone, ownTimezone()), [timezone, country]);
}

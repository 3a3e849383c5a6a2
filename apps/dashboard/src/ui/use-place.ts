import { useCallback, useSyncExternalStore } from "react";

/** Where in the dashboard somebody is; each has an address of its own, so that a reload and the back button work. */
export type Place = "map" | "people";

const paths: Readonly<Record<Place, string>> = { map: "/", people: "/settings/people" };

const placeNow = (): Place => (location.pathname === paths.people ? "people" : "map");

function onMove(listener: () => void): () => void {
  window.addEventListener("popstate", listener);
  return () => window.removeEventListener("popstate", listener);
}

export function usePlace(): { readonly place: Place; readonly go: (to: Place) => void } {
  const place = useSyncExternalStore(onMove, placeNow);
  const go = useCallback((to: Place) => {
    if (to === placeNow()) return;
    history.pushState(null, "", paths[to]);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }, []);
  return { place, go };
}

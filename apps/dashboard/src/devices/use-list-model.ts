import { useMemo } from "react";
import { useFleet } from "../fleet-context.tsx";
import { useLine, useNow, useRoster } from "../live/hooks.ts";
import { useUi } from "../ui/ui-context.tsx";
import { compareNames, type ListModel, listModel } from "./list-model.ts";

/** The list of now: sorted when names change, judged once a second. */
export function useListModel(): ListModel {
  const { table } = useFleet();
  const roster = useRoster();
  const line = useLine();
  const now = useNow();
  const search = useUi((state) => state.search);
  const filter = useUi((state) => state.filter);
  const order = useMemo(
    () =>
      roster
        .flatMap((id) => table.get(id) ?? [])
        .sort(compareNames("en"))
        .map(({ id }) => id),
    [table, roster],
  );
  return useMemo(() => {
    const sorted = order.flatMap((id) => table.get(id) ?? []);
    return listModel(sorted, { search, filter }, now, line.kind === "paused" ? Math.min(now, line.sinceMs) : now);
  }, [table, order, search, filter, now, line]);
}

import { type RefObject, useEffect, useState } from "react";
import { useUiStore } from "../ui/ui-context.tsx";
import type { ListItem } from "./list-model.ts";

/** Which row Tab reaches; J and K move it, and the focus with it. */
export function useCursor(
  items: readonly ListItem[],
  scrollTo: (index: number) => void,
  scroller: RefObject<HTMLElement | null>,
): number {
  const { moves } = useUiStore();
  const [key, setKey] = useState<string | null>(null);
  const isRow = (item: ListItem | undefined): boolean => item !== undefined && "id" in item;
  const found = items.findIndex((item) => "id" in item && `${item.kind}-${item.id}` === key);
  const cursor = found >= 0 ? found : items.findIndex(isRow);

  useEffect(
    () =>
      moves.add((step) => {
        let next = found >= 0 ? found + step : cursor;
        while (next >= 0 && next < items.length && !isRow(items[next])) next += step;
        const item = items[next];
        if (item === undefined || !("id" in item)) return;
        setKey(`${item.kind}-${item.id}`);
        scrollTo(next);
        focusRow(scroller, item.kind, item.id);
      }),
    [moves, items, found, cursor, scrollTo, scroller],
  );
  return cursor;
}

/** The row may have to be drawn first. */
function focusRow(scroller: RefObject<HTMLElement | null>, kind: "need" | "van", id: number, tries = 5): void {
  requestAnimationFrame(() => {
    const row = scroller.current?.querySelector<HTMLElement>(`[data-van="${id}"][data-kind="${kind}"]`);
    if (row) row.focus({ preventScroll: true });
    else if (tries > 0) focusRow(scroller, kind, id, tries - 1);
  });
}

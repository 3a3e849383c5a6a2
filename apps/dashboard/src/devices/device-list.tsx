import { Button } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { useIsLoaded, useLoadProblem } from "../live/hooks.ts";
import { useUi, useUiStore } from "../ui/ui-context.tsx";
import { pick } from "../ui/ui-state.ts";
import { useText } from "../ui/use-text.ts";
import classes from "./device-list.module.css";
import { NeedRow, VanRow } from "./device-rows.tsx";
import type { ListItem, ListModel } from "./list-model.ts";
import { ListProblem } from "./list-problem.tsx";
import { useCursor } from "./use-cursor.ts";

const heights: Readonly<Record<ListItem["kind"], number>> = {
  "needs-title": 36,
  need: 52,
  "all-title": 36,
  van: 36,
};
const skeletonRows = 10;

export function DeviceList({ model }: { readonly model: ListModel }) {
  const t = useText();
  const ui = useUiStore();
  const isLoaded = useIsLoaded();
  const problem = useLoadProblem();
  const pickedId = useUi((state) => state.pickedId);
  const scroller = useRef<HTMLDivElement>(null);
  const { items } = model;
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heights[items[index]?.kind ?? "van"],
    getItemKey: (index) => keyOf(items[index]),
    overscan: 8,
  });
  const cursor = useCursor(items, (index) => rows.scrollToIndex(index), scroller);
  // Heights follow the kind of row, which changes when vans come to need somebody.
  const shape = items.findIndex(({ kind }) => kind === "all-title");
  useEffect(() => rows.measure(), [rows, shape]);

  if (!isLoaded) {
    if (problem !== null) return <ListProblem problem={problem} />;
    return (
      <div className={classes.scroller} role="status" aria-label={t("list.loading")}>
        <div className={classes.title}>&nbsp;</div>
        {Array.from({ length: skeletonRows }, (_, index) => (
          <div key={index} className={classes.skeleton} style={{ opacity: 1 - index / skeletonRows }} />
        ))}
      </div>
    );
  }
  if (model.counts.all === 0) return <div className={classes.scroller} />;
  const open = (id: number): void => pick(ui, id);
  return (
    <div className={classes.scroller} ref={scroller}>
      <div className={classes.rows} style={{ height: rows.getTotalSize() }} role="list" aria-label={t("list.label")}>
        {rows.getVirtualItems().map(({ index, start, size, key }) => {
          const item = items[index];
          if (item === undefined) return null;
          const isCursor = cursor === index;
          return (
            <div
              key={key}
              className={classes.row}
              role="listitem"
              style={{ transform: `translateY(${start}px)`, height: size }}
            >
              <Row item={item} isCursor={isCursor} pickedId={pickedId} onOpen={open} />
            </div>
          );
        })}
      </div>
      {items.length === 1 && (
        <div className={classes.nothing}>
          {t("list.noMatch")}
          <Button variant="subtle" size="compact-sm" onClick={() => ui.setState({ search: "", filter: "all" })}>
            {t("list.showAll")}
          </Button>
        </div>
      )}
    </div>
  );
}

type RowProps = {
  readonly item: ListItem;
  readonly isCursor: boolean;
  readonly pickedId: number | null;
  readonly onOpen: (id: number) => void;
};

function Row({ item, isCursor, pickedId, onOpen }: RowProps) {
  const t = useText();
  switch (item.kind) {
    case "needs-title":
    case "all-title":
      return (
        <h2 className={classes.title} data-kind={item.kind}>
          {t(item.kind === "needs-title" ? "need.title" : "list.title")}
          <span className={classes.count}>{item.count}</span>
          {item.kind === "all-title" && item.offMap > 0 && (
            <span className={classes.offMap}>{t("list.offMap", { count: item.offMap })}</span>
          )}
        </h2>
      );
    case "need":
      return <NeedRow {...item} isCursor={isCursor} isPicked={item.id === pickedId} onOpen={onOpen} />;
    case "van":
      return <VanRow id={item.id} isCursor={isCursor} isPicked={item.id === pickedId} onOpen={onOpen} />;
  }
}

const keyOf = (item: ListItem | undefined): string =>
  item === undefined ? "" : "id" in item ? `${item.kind}-${item.id}` : item.kind;

import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconPlus, IconSearch, IconX } from "@tabler/icons-react";
import { useRef } from "react";
import { useIsLoaded } from "../live/hooks.ts";
import { type KnownStatus, statusOrder } from "../live/status.ts";
import { useMayDispatch } from "../session/use-signed-in.ts";
import { searchFieldId } from "../ui/keys.ts";
import { LinePill } from "../ui/line-pill.tsx";
import { useUi, useUiStore } from "../ui/ui-context.tsx";
import type { Sheet } from "../ui/ui-state.ts";
import { useText } from "../ui/use-text.ts";
import { DeviceList } from "./device-list.tsx";
import classes from "./list-column.module.css";
import type { ListModel } from "./list-model.ts";
import { StatusGlyph } from "./status-glyph.tsx";
import { useListModel } from "./use-list-model.ts";

const higher: Readonly<Record<Sheet, Sheet>> = { low: "half", half: "full", full: "full" };
const lower: Readonly<Record<Sheet, Sheet>> = { low: "low", half: "low", full: "half" };
/** A shorter pull is a tap that slipped. */
const pullPixels = 24;

/** The vans: a column beside the map, on a narrow screen a sheet over it. */
export function ListColumn() {
  const t = useText();
  const ui = useUiStore();
  const model = useListModel();
  const mayPair = useMayDispatch();
  const search = useUi((state) => state.search);
  const sheet = useUi((state) => state.sheet);
  const isEmpty = useIsLoaded() && model.counts.all === 0;
  return (
    <section className={classes.column} data-sheet={isEmpty ? "low" : sheet} aria-label={t("list.label")}>
      <Grip />
      <header className={classes.head}>
        <LinePill />
        {mayPair && (
          <Button
            data-testid="pair-open"
            className={classes.pair}
            size="xs"
            variant="light"
            leftSection={<IconPlus size={15} stroke={2} />}
            onClick={() => ui.setState({ dialog: "pair" })}
          >
            {t("list.pair")}
          </Button>
        )}
      </header>
      <div className={classes.search}>
        <TextInput
          id={searchFieldId}
          type="search"
          size="sm"
          placeholder={t("list.search")}
          aria-label={t("list.search")}
          aria-keyshortcuts="/"
          autoComplete="off"
          spellCheck={false}
          leftSection={<IconSearch size={16} stroke={1.8} />}
          rightSection={
            search === "" ? (
              <kbd className={classes.hint}>/</kbd>
            ) : (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={t("list.clear")}
                onClick={() => ui.setState({ search: "" })}
              >
                <IconX size={15} />
              </ActionIcon>
            )
          }
          value={search}
          onChange={(event) => ui.setState({ search: event.currentTarget.value })}
        />
      </div>
      <Filters model={model} />
      <DeviceList model={model} />
    </section>
  );
}

/** How many stand how: a legend of the markers that filters when pressed. */
function Filters({ model }: { readonly model: ListModel }) {
  const t = useText();
  const ui = useUiStore();
  const filter = useUi((state) => state.filter);
  const isLoaded = useIsLoaded();
  /** Vans that were seen but once are of either kind: more may come. */
  const isOpen = (status: KnownStatus): boolean => model.counts.seen > 0 && (status === "live" || status === "still");
  const countText = (status: KnownStatus): string | number =>
    isOpen(status) ? t("list.atLeast", { count: model.counts[status] }) : model.counts[status];
  const toggle = (status: KnownStatus): void => ui.setState({ filter: filter === status ? "all" : status });
  return (
    <div className={classes.filters} role="group" aria-label={t("list.filter")}>
      {statusOrder.map((status) => (
        <button
          key={status}
          type="button"
          className={classes.filter}
          title={t(`status.explain.${status}`)}
          aria-pressed={filter === status}
          aria-label={t(isOpen(status) ? "list.filterAtLeast" : "list.filterOne", {
            status: t(`status.${status}`),
            count: model.counts[status],
          })}
          onClick={() => toggle(status)}
        >
          <span>
            <StatusGlyph status={status} size={13} />
            {t(`status.${status}`)}
          </span>{" "}
          <strong>{isLoaded ? countText(status) : "–"}</strong>
        </button>
      ))}
    </div>
  );
}

/** Pulls the sheet up and down; a button for those who do not drag. */
function Grip() {
  const t = useText();
  const ui = useUiStore();
  const sheet = useUi((state) => state.sheet);
  const start = useRef<number | null>(null);
  const isUp = sheet !== "low";
  const Chevron = isUp ? IconChevronDown : IconChevronUp;
  return (
    <button
      type="button"
      className={classes.grip}
      aria-label={t(isUp ? "list.collapse" : "list.expand")}
      aria-expanded={isUp}
      onPointerDown={(event) => {
        start.current = event.clientY;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerUp={(event) => {
        const pulled = event.clientY - (start.current ?? event.clientY);
        if (pulled < -pullPixels) ui.setState({ sheet: higher[sheet] });
        else if (pulled > pullPixels) ui.setState({ sheet: lower[sheet] });
      }}
      onClick={(event) => {
        const pulled = Math.abs(event.clientY - (start.current ?? event.clientY));
        start.current = null;
        if (pulled <= pullPixels) ui.setState({ sheet: isUp ? "low" : "half" });
      }}
    >
      <Chevron size={18} stroke={1.8} />
    </button>
  );
}

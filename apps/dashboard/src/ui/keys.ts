import { useEffect } from "react";
import { useMayDispatch } from "../session/use-signed-in.ts";
import type { Text } from "../text/i18n.ts";
import { useUiStore } from "./ui-context.tsx";
import { leave, toggleFollow, type UiStore } from "./ui-state.ts";

export type KeyName = "search" | "next" | "previous" | "open" | "follow" | "pair" | "leave" | "help";

/** What each key does, in the order of the list that `?` shows. */
export const keyCaps: Readonly<Record<KeyName, string>> = {
  search: "/",
  next: "J",
  previous: "K",
  open: "Enter",
  follow: "F",
  pair: "P",
  leave: "Esc",
  help: "?",
};

export const keyText = (t: Text, name: KeyName): string => t(`keys.${name}`);

/** The field that `/` goes to. */
export const searchFieldId = "van-search";

/** The map has its own use for the arrows. */
const isOnMap = (target: EventTarget | null): boolean => target instanceof HTMLCanvasElement;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Single keys for the whole room; they rest while something is typed, a dialog is open, or a page lies over the map. */
export function useKeys(isMap: boolean): void {
  const ui = useUiStore();
  const mayPair = useMayDispatch();
  useEffect(() => {
    if (!isMap) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (ui.getState().dialog !== null || document.querySelector("[role=dialog],[role=alertdialog],[role=menu]"))
        return;
      if (isTyping(event.target)) {
        leaveSearch(event, ui);
        return;
      }
      if (isOnMap(event.target) && event.key.startsWith("Arrow")) return;
      if (press(event.key, ui, mayPair)) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [ui, mayPair, isMap]);
}

/** From the search field the arrows and Enter go on into the list, Esc goes out. */
function leaveSearch(event: KeyboardEvent, ui: UiStore): void {
  if (!(event.target instanceof HTMLElement) || event.target.id !== searchFieldId) return;
  if (event.key === "ArrowDown" || event.key === "Enter") ui.moves.emit(1);
  else if (event.key === "Escape" && ui.getState().search === "") event.target.blur();
  else if (event.key === "Escape") ui.setState({ search: "" });
  else return;
  event.preventDefault();
}

function press(key: string, ui: UiStore, mayPair: boolean): boolean {
  const { pickedId } = ui.getState();
  switch (key) {
    case "/":
      ui.setState(({ sheet }) => ({ sheet: sheet === "low" ? "half" : sheet }));
      document.getElementById(searchFieldId)?.focus();
      return true;
    case "j":
    case "J":
    case "ArrowDown":
      ui.moves.emit(1);
      return true;
    case "k":
    case "K":
    case "ArrowUp":
      ui.moves.emit(-1);
      return true;
    case "f":
    case "F":
      if (pickedId !== null) toggleFollow(ui, pickedId);
      return true;
    case "p":
    case "P":
      if (mayPair) ui.setState({ dialog: "pair" });
      return true;
    case "?":
      ui.setState({ dialog: "keys" });
      return true;
    case "Escape":
      leave(ui);
      return true;
    default:
      return false;
  }
}

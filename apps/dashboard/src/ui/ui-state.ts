import { createListeners, type Listeners } from "@dsp-fleet/fleet-client";
import { createStore, type StoreApi } from "zustand";
import type { Filter } from "../devices/list-model.ts";

export type Dialog = "pair" | "keys" | { readonly rename: number };
/** How far the list is pulled up on a narrow screen. */
export type Sheet = "low" | "half" | "full";

export type UiState = {
  readonly search: string;
  readonly filter: Filter;
  /** The van whose details are open. */
  readonly pickedId: number | null;
  /** Always the picked one, or none. */
  readonly followedId: number | null;
  readonly dialog: Dialog | null;
  readonly sheet: Sheet;
};

export type UiStore = StoreApi<UiState> & {
  /** Steps through the list, from wherever the keys were pressed. */
  readonly moves: Listeners<1 | -1>;
};

export const createUiStore = (): UiStore => ({
  moves: createListeners(),
  ...createStore<UiState>(() => ({
    search: "",
    filter: "all",
    pickedId: null,
    followedId: null,
    dialog: null,
    sheet: "half",
  })),
});

/** Opens the details of a van, or closes them. */
export const pick = (ui: UiStore, id: number | null): void =>
  ui.setState((state) => ({ pickedId: id, followedId: state.followedId === id ? id : null }));

export const toggleFollow = (ui: UiStore, id: number): void =>
  ui.setState(({ followedId }) => ({ pickedId: id, followedId: followedId === id ? null : id }));

/** Esc: leaves the innermost thing. Dialogs close by themselves. */
export function leave(ui: UiStore): void {
  const { followedId, pickedId, search, filter } = ui.getState();
  if (followedId !== null) ui.setState({ followedId: null });
  else if (pickedId !== null) ui.setState({ pickedId: null });
  else if (search !== "") ui.setState({ search: "" });
  else if (filter !== "all") ui.setState({ filter: "all" });
}

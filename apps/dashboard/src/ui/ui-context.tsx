import { createContext, useContext } from "react";
import { useStore } from "zustand";
import type { UiState, UiStore } from "./ui-state.ts";

const UiContext = createContext<UiStore | null>(null);

export const UiProvider = UiContext.Provider;

export function useUiStore(): UiStore {
  const ui = useContext(UiContext);
  if (ui === null) throw new Error("useUiStore outside of a UiProvider");
  return ui;
}

export const useUi = <T,>(select: (state: UiState) => T): T => useStore(useUiStore(), select);

import type { KnownStatus } from "../../live/status.ts";

export type Scheme = "light" | "dark";

/** What the map is drawn with; roads and names stay fainter than any van. */
export type MapColors = {
  readonly land: string;
  readonly water: string;
  readonly green: string;
  readonly built: string;
  readonly building: string;
  readonly road: string;
  readonly roadMain: string;
  readonly rail: string;
  readonly border: string;
  readonly name: string;
  readonly nameFaint: string;
  readonly waterName: string;
  readonly label: string;
  readonly labelFaint: string;
  readonly halo: string;
  readonly surface: string;
  readonly accent: string;
  readonly status: Readonly<Record<KnownStatus, string>>;
};

export const mapColors: Readonly<Record<Scheme, MapColors>> = {
  light: {
    land: "#f1f2f4",
    water: "#cdd9e5",
    green: "#e2eae0",
    built: "#eceef0",
    building: "#e5e7ea",
    road: "#ffffff",
    roadMain: "#ffffff",
    rail: "#dcdfe4",
    border: "#b9c0c9",
    name: "#69727e",
    nameFaint: "#8b939e",
    waterName: "#7b93ab",
    label: "#1b1f24",
    labelFaint: "#4b5460",
    halo: "#ffffff",
    surface: "#ffffff",
    accent: "#4a57dd",
    status: { live: "#1a7f37", still: "#57606a", stale: "#8f5f00", dark: "#cf222e" },
  },
  dark: {
    land: "#14171c",
    water: "#0c1722",
    green: "#15201b",
    built: "#171b20",
    building: "#1b1f26",
    road: "#22272f",
    roadMain: "#2b313b",
    rail: "#20252c",
    border: "#3a424e",
    name: "#7f8a97",
    nameFaint: "#626c79",
    waterName: "#46607a",
    label: "#eef0f3",
    labelFaint: "#a9b2bd",
    halo: "#0f1115",
    surface: "#16181d",
    accent: "#8e97f0",
    status: { live: "#3fb950", still: "#9aa4b2", stale: "#d29922", dark: "#ff6b64" },
  },
};

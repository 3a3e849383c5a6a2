import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";
import { mapColors } from "../map/style/colors.ts";

const indigo: MantineColorsTuple = [
  "#eef0ff",
  "#dcdffc",
  "#b6bcf6",
  "#8e97f0",
  "#6d78ea",
  "#5663e4",
  "#4a57dd",
  "#3b48c4",
  "#333fae",
  "#283499",
];

const dark: MantineColorsTuple = [
  "#e6e8ec",
  "#b9c0ca",
  "#9aa3af",
  "#737d8a",
  "#3a414c",
  "#2a2f38",
  "#1f232a",
  "#16181d",
  "#111317",
  "#0c0e11",
];

const red: MantineColorsTuple = [
  "#fff0f0",
  "#ffdedd",
  "#ffb8b5",
  "#ff8f8a",
  "#f96a64",
  "#e5484d",
  "#cf222e",
  "#b01a25",
  "#92121c",
  "#760b14",
];

const quick = { duration: 120, transition: "fade" } as const;

export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', monospace",
  primaryColor: "indigo",
  primaryShade: { light: 6, dark: 6 },
  colors: { indigo, red, dark },
  defaultRadius: 6,
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  headings: { fontWeight: "600", sizes: { h1: { fontSize: "22px", lineHeight: "1.25" }, h2: { fontSize: "16px" } } },
  respectReducedMotion: true,
  focusRing: "auto",
  cursorType: "pointer",
  components: {
    Modal: { defaultProps: { transitionProps: quick, overlayProps: { backgroundOpacity: 0.4 }, radius: 10 } },
    Menu: { defaultProps: { transitionProps: { ...quick, duration: 80 }, shadow: "md" } },
    Tooltip: { defaultProps: { transitionProps: { ...quick, duration: 80 }, openDelay: 350, withArrow: false } },
    Select: { defaultProps: { comboboxProps: { transitionProps: { ...quick, duration: 80 }, shadow: "md" } } },
  },
});

/** Colours of the page by their use; status colours are those of the map. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--page": "#f6f7f8",
    "--panel": "#ffffff",
    "--raised": "#f3f4f6",
    "--pressed": "#e9ebef",
    "--hair": "#e2e5e9",
    "--ink": "#1b1f24",
    "--dim": "#59626e",
    "--accent": "#4a57dd",
    "--accent-soft": "#eef0ff",
    "--amber-bar": "#fff1cc",
    "--amber-ink": "#6b4700",
    "--amber-hair": "#ecd48f",
    ...status("light"),
    "--mantine-color-text": "#1b1f24",
    "--mantine-color-dimmed": "#59626e",
    "--mantine-color-placeholder": "#6b7480",
    "--mantine-color-error": "#c01f2b",
  },
  dark: {
    "--page": "#0f1115",
    "--panel": "#16181d",
    "--raised": "#1d2026",
    "--pressed": "#262a32",
    "--hair": "#2a2e36",
    "--ink": "#e6e8ec",
    "--dim": "#9aa3af",
    "--accent": "#8e97f0",
    "--accent-soft": "#23263d",
    "--amber-bar": "#33270a",
    "--amber-ink": "#f2c75c",
    "--amber-hair": "#57430f",
    ...status("dark"),
    "--mantine-color-text": "#e6e8ec",
    "--mantine-color-dimmed": "#9aa3af",
    "--mantine-color-placeholder": "#8791a0",
    "--mantine-color-anchor": "#8e97f0",
    "--mantine-color-indigo-light": "#23263d",
    "--mantine-color-indigo-light-hover": "#2b2f4d",
    "--mantine-color-indigo-light-color": "#b6bcf6",
    "--mantine-color-error": "#ff7b74",
    "--mantine-color-body": "#16181d",
  },
});

function status(scheme: "light" | "dark"): Record<string, string> {
  const { live, still, stale, dark } = mapColors[scheme].status;
  return { "--live": live, "--still": still, "--stale": stale, "--dark": dark };
}

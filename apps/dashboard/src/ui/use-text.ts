import { useTranslation } from "react-i18next";
import type { Text } from "../text/i18n.ts";

export const useText = (): Text => useTranslation("app").t;

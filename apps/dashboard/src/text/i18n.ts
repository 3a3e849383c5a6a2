import { createInstance, type i18n, type TFunction } from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./en.ts";

/** Gives the text of a key of `en.ts`; unknown keys do not compile. */
export type Text = TFunction;

export function createTexts(): i18n {
  const texts = createInstance();
  void texts.use(initReactI18next).init({
    lng: "en",
    defaultNS: "app",
    ns: ["app"],
    resources: { en: { app: en } },
    initAsync: false,
    interpolation: { escapeValue: false },
  });
  return texts;
}

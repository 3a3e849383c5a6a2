import type { ReactNode } from "react";
import { useText } from "../ui/use-text.ts";
import { Wordmark } from "../ui/wordmark.tsx";
import classes from "./entry-page.module.css";
import { Streets } from "./streets.tsx";

/** What every way in looks like: the form on one side, the product in one picture on the other. */
export function EntryLayout({ children }: { readonly children: ReactNode }) {
  const t = useText();
  return (
    <div className={classes.page}>
      <main className={classes.side}>
        <Wordmark />
        <div className={classes.form}>{children}</div>
      </main>
      <aside className={classes.picture} aria-hidden>
        <Streets />
        <p className={classes.tagline}>{t("session.tagline")}</p>
      </aside>
    </div>
  );
}

import { Loader } from "@mantine/core";
import { useText } from "../ui/use-text.ts";
import classes from "./entry-page.module.css";

export function OpeningPage() {
  const t = useText();
  return (
    <div className={classes.opening} role="status">
      <Loader size="sm" aria-hidden />
      {t("session.opening")}
    </div>
  );
}

import { useLine } from "../live/hooks.ts";
import classes from "./line.module.css";
import { useText } from "./use-text.ts";

/** Whether what the screen shows is live; always in sight. */
export function LinePill() {
  const t = useText();
  const { kind } = useLine();
  const state = t(`line.${kind}`);
  return (
    <span
      className={classes.pill}
      role="status"
      data-testid="line-state"
      data-state={kind}
      aria-label={t("line.label", { state })}
    >
      <span className={classes.lamp} />
      {state}
    </span>
  );
}

import { IconPlugConnectedX } from "@tabler/icons-react";
import { useIsLoaded, useLine, useNow } from "../live/hooks.ts";
import { useTimes } from "../session/use-signed-in.ts";
import classes from "./line.module.css";
import { useText } from "./use-text.ts";

/** A blink of the network is over before anybody could read about it. */
const shownAfterMs = 1_500;

/** Says that the screen is not live, and since when; ages go on counting. */
export function LineBar() {
  const t = useText();
  const line = useLine();
  const times = useTimes();
  const isLoaded = useIsLoaded();
  const now = useNow();
  if (line.kind !== "paused" || now - line.sinceMs < shownAfterMs) return null;
  const time = times.clock(line.sinceMs, now);
  return (
    <div className={classes.bar} role="status">
      <IconPlugConnectedX size={17} stroke={1.8} aria-hidden />
      <span>
        {isLoaded ? t("line.pausedSince", { time }) : t("line.neverConnected", { time })}
        {isLoaded && <span className={classes.detail}>{t("line.pausedDetail")}</span>}
      </span>
    </div>
  );
}

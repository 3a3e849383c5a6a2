import { thresholds } from "../live/status.ts";
import { useText } from "../ui/use-text.ts";
import classes from "./battery.module.css";

/** A battery that fills; amber when low, red when as good as empty. */
export function Battery({ percent }: { readonly percent: number }) {
  const t = useText();
  const level =
    percent <= thresholds.emptyBatteryPercent ? "empty" : percent <= thresholds.lowBatteryPercent ? "low" : "good";
  return (
    <span className={classes.battery} data-level={level}>
      <svg viewBox="0 0 22 12" width={20} height={11} aria-hidden>
        <rect className={classes.case} x={0.75} y={0.75} width={17.5} height={10.5} rx={2.5} />
        <rect className={classes.fill} x={2.75} y={2.75} width={(13.5 * percent) / 100} height={6.5} rx={1} />
        <path className={classes.fill} d="M20 4v4c1.100-.3 1.600-1.100 1.600-2S21.100 4.300 20 4z" />
      </svg>
      {t("unit.percent", { value: Math.round(percent) })}
    </span>
  );
}

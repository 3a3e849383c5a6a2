import { VisuallyHidden } from "@mantine/core";
import { memo } from "react";
import { useDevice, useNow } from "../live/hooks.ts";
import { lastHeardAt, type Need, statusOf, thresholds } from "../live/status.ts";
import { useSignedIn } from "../session/use-signed-in.ts";
import { ageOf, ageText, spokenAge } from "../text/age.ts";
import { speedValue } from "../text/format.ts";
import { useText } from "../ui/use-text.ts";
import classes from "./device-list.module.css";
import { needText } from "./need-text.ts";
import { StatusGlyph } from "./status-glyph.tsx";

type RowProps = {
  readonly id: number;
  readonly isPicked: boolean;
  /** The one row of the list that Tab reaches. */
  readonly isCursor: boolean;
  readonly onOpen: (id: number) => void;
};

/** One van in one line: how it stands, who, how fast, how full, how long ago. */
export const VanRow = memo(function VanRow({ id, isPicked, isCursor, onOpen }: RowProps) {
  const t = useText();
  const device = useDevice(id);
  const now = useNow();
  const { speedUnit } = useSignedIn().account;
  if (device === undefined) return null;
  const status = statusOf(device, now);
  const heardAt = device.fix?.at ?? lastHeardAt(device);
  const age = heardAt === null ? null : ageOf(now - heardAt);
  const percent = device.batteryPercent;
  const isLow = percent !== null && percent <= thresholds.lowBatteryPercent;
  const label = [
    t("list.row", {
      name: device.identifier === null ? device.name : `${device.name} ${device.identifier}`,
      status: t(`status.${status}`),
      age: age === null ? t("age.never") : t("age.ago", { age: spokenAge(t, age) }),
    }),
    ...(device.fix === null ? [t("list.noPosition")] : []),
    ...(percent === null ? [] : [t("list.rowBattery", { percent: Math.round(percent) })]),
  ].join(", ");
  return (
    <button
      type="button"
      className={classes.van}
      data-testid={`device-row-${id}`}
      data-van={id}
      data-kind="van"
      data-picked={isPicked || undefined}
      aria-current={isPicked || undefined}
      tabIndex={isCursor ? 0 : -1}
      onClick={() => onOpen(id)}
    >
      <VisuallyHidden>{label}</VisuallyHidden>
      <StatusGlyph status={status} headingDegrees={device.headingDegrees} />
      <span className={classes.name} aria-hidden>
        {device.name} {device.identifier !== null && <span className={classes.identifier}>{device.identifier}</span>}
      </span>
      <span className={classes.fact} aria-hidden>
        {device.fix === null && t("list.noPosition")}
        {status === "live" &&
          device.speedMps !== null &&
          `${speedValue(device.speedMps, speedUnit)} ${t(`unit.${speedUnit}`)}`}
      </span>
      <span className={classes.fact} aria-hidden data-low={isLow || undefined}>
        {percent !== null && t("unit.percent", { value: Math.round(percent) })}
      </span>
      <span className={classes.age} aria-hidden data-status={status}>
        {age === null ? t("age.never") : ageText(t, age)}
      </span>
    </button>
  );
});

type NeedRowProps = RowProps & { readonly need: Need };

/** One van that needs somebody: who, what, since when, why probably. */
export const NeedRow = memo(function NeedRow({ id, need, isPicked, isCursor, onOpen }: NeedRowProps) {
  const t = useText();
  const device = useDevice(id);
  const now = useNow();
  if (device === undefined) return null;
  const status = statusOf(device, now);
  const { what, cause } = needText(t, need, now, device.batteryPercent);
  return (
    <button
      type="button"
      className={classes.need}
      data-van={id}
      data-kind="need"
      data-picked={isPicked || undefined}
      aria-current={isPicked || undefined}
      aria-label={`${device.name}, ${what}, ${cause}`}
      tabIndex={isCursor ? 0 : -1}
      onClick={() => onOpen(id)}
    >
      <StatusGlyph status={status} headingDegrees={device.headingDegrees} />
      <span className={classes.name}>{device.name}</span>{" "}
      <span className={classes.what} data-status={need.kind === "low-battery" ? "stale" : status}>
        {what}
      </span>{" "}
      <span className={classes.cause}>{cause}</span>
    </button>
  );
});

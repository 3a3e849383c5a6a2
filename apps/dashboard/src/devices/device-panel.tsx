import { ActionIcon, Button, Menu } from "@mantine/core";
import {
  IconArrowUp,
  IconCopy,
  IconCurrentLocation,
  IconDots,
  IconPencil,
  IconUnlink,
  IconX,
} from "@tabler/icons-react";
import { type ReactNode, useEffect } from "react";
import { useDevice, useNow } from "../live/hooks.ts";
import type { LiveDevice } from "../live/live-device.ts";
import { lastHeardAt, needOf, statusOf } from "../live/status.ts";
import { useMayDispatch, useSignedIn, useTimes } from "../session/use-signed-in.ts";
import { ageOf, ageText, agoText } from "../text/age.ts";
import { compassName, coordinatesText, speedValue } from "../text/format.ts";
import { copyText } from "../ui/copy-text.ts";
import { useUi, useUiStore } from "../ui/ui-context.tsx";
import { pick, toggleFollow } from "../ui/ui-state.ts";
import { useText } from "../ui/use-text.ts";
import { Battery } from "./battery.tsx";
import classes from "./device-panel.module.css";
import { needText } from "./need-text.ts";
import { StatusGlyph } from "./status-glyph.tsx";
import { useUnbind } from "./use-unbind.tsx";

/** Everything known of one van, beside the map. */
export function DevicePanel({ id }: { readonly id: number }) {
  const t = useText();
  const ui = useUiStore();
  const device = useDevice(id);
  useEffect(() => {
    if (device === undefined) pick(ui, null);
  }, [device, ui]);
  if (device === undefined) return null;
  return (
    <aside className={classes.panel} aria-label={t("device.panel", { name: device.name })}>
      <Head device={device} />
      <div className={classes.body}>
        <Cause device={device} />
        <Movement device={device} />
        <Facts device={device} />
      </div>
    </aside>
  );
}

function Head({ device }: { readonly device: LiveDevice }) {
  const t = useText();
  const ui = useUiStore();
  const now = useNow();
  const mayDispatch = useMayDispatch();
  const unbind = useUnbind();
  const isFollowed = useUi((state) => state.followedId === device.id);
  const status = statusOf(device, now);
  const heardAt = lastHeardAt(device);
  const since =
    status === "still" ? device.movedAt : status === "live" || status === "seen" ? null : (device.fix?.at ?? heardAt);
  return (
    <header className={classes.head}>
      <div className={classes.title}>
        <StatusGlyph status={status} headingDegrees={device.headingDegrees} size={22} />
        <h2>{device.name}</h2>
        {mayDispatch && (
          <Menu position="bottom-end" width={180}>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" size={32} aria-label={t("device.actions")}>
                <IconDots size={19} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                leftSection={<IconPencil size={16} stroke={1.7} />}
                onClick={() => ui.setState({ dialog: { rename: device.id } })}
              >
                {t("rename.open")}
              </Menu.Item>
              <Menu.Item
                color="red"
                leftSection={<IconUnlink size={16} stroke={1.7} />}
                onClick={() => unbind(device.id, device.name)}
              >
                {t("unbind.open")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          aria-label={t("common.close")}
          onClick={() => pick(ui, null)}
        >
          <IconX size={19} />
        </ActionIcon>
      </div>
      <p className={classes.subtitle}>
        <span data-status={status}>
          {since === null
            ? t(`status.${status}`)
            : t("device.since", { status: t(`status.${status}`), age: ageText(t, ageOf(now - since)) })}
        </span>
        {device.identifier !== null && <span className={classes.identifier}>{device.identifier}</span>}
      </p>
      <Button
        className={classes.follow}
        fullWidth
        variant={isFollowed ? "filled" : "default"}
        leftSection={<IconCurrentLocation size={17} stroke={1.8} />}
        rightSection={<kbd className={classes.key}>F</kbd>}
        aria-pressed={isFollowed}
        aria-keyshortcuts="f"
        disabled={device.fix === null}
        onClick={() => toggleFollow(ui, device.id)}
      >
        {t(isFollowed ? "device.following" : "device.follow")}
      </Button>
    </header>
  );
}

/** What is wrong and why probably, where anything is. */
function Cause({ device }: { readonly device: LiveDevice }) {
  const t = useText();
  const now = useNow();
  const need = needOf(device, now);
  if (need === null) return null;
  const { what, cause } = needText(t, need, now, device.batteryPercent);
  return (
    <p className={classes.cause} data-kind={need.kind}>
      <strong>{what}</strong> {cause}
    </p>
  );
}

/** Speed, direction and age, readable from the other end of the desk. */
function Movement({ device }: { readonly device: LiveDevice }) {
  const t = useText();
  const now = useNow();
  const times = useTimes();
  const { speedUnit } = useSignedIn().account;
  const { fix, headingDegrees } = device;
  const isMoving = statusOf(device, now) === "live";
  const speed = isMoving ? device.speedMps : null;
  const direction = headingDegrees === null ? null : t(`compass.${compassName(headingDegrees)}`);
  return (
    <dl className={classes.movement}>
      <div>
        <dt>{t("device.lastSeen")}</dt>
        <dd>
          <span data-testid="device-age" className={classes.big}>
            {fix === null ? t("age.never") : agoText(t, now - fix.at)}
          </span>
          {fix !== null && (
            <time dateTime={new Date(fix.at).toISOString()}>
              {t("device.lastSeenAt", { time: times.exact(fix.at, now) })}
            </time>
          )}
        </dd>
      </div>
      <div>
        <dt>{t("device.speed")}</dt>
        <dd>
          <span className={classes.big}>
            {isMoving && speed !== null ? (
              <>
                {speedValue(speed, speedUnit)} <small>{t(`unit.${speedUnit}`)}</small>
              </>
            ) : (
              "–"
            )}
          </span>
          {statusOf(device, now) === "still" && <span>{t("device.standing")}</span>}
          {isMoving && headingDegrees !== null && direction !== null && (
            <span
              className={classes.heading}
              role="img"
              aria-label={t("device.headingOf", { name: direction, degrees: Math.round(headingDegrees) })}
            >
              <IconArrowUp size={15} stroke={2} style={{ transform: `rotate(${headingDegrees}deg)` }} />
              {direction}
            </span>
          )}
        </dd>
      </div>
    </dl>
  );
}

function Facts({ device }: { readonly device: LiveDevice }) {
  const t = useText();
  const times = useTimes();
  const { fix } = device;
  const phone = [device.model, device.platform].filter((text) => text !== null).join(" · ");
  const app = [device.appVersion, device.appLanguage].filter((text) => text !== null).join(" · ");
  return (
    <dl className={classes.facts}>
      <Fact label={t("device.position")}>
        {fix === null ? (
          t("device.noPosition")
        ) : (
          <span className={classes.position} data-testid="device-position" data-lat={fix.lat} data-lon={fix.lon}>
            {coordinatesText(fix.lat, fix.lon)}
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={t("device.copyPosition")}
              onClick={() => void copyText(coordinatesText(fix.lat, fix.lon), t("common.copied"))}
            >
              <IconCopy size={15} stroke={1.7} />
            </ActionIcon>
          </span>
        )}
      </Fact>
      <Fact label={t("device.battery")}>
        {device.batteryPercent === null ? t("device.batteryUnknown") : <Battery percent={device.batteryPercent} />}
      </Fact>
      {device.syncState !== "idle" && device.syncState !== "synced" && (
        <Fact label={t("device.sync")}>{t(`device.syncState.${device.syncState}`)}</Fact>
      )}
      {phone !== "" && <Fact label={t("device.phone")}>{phone}</Fact>}
      {app !== "" && <Fact label={t("device.app")}>{app}</Fact>}
      <Fact label={t("device.bound")}>{times.day(device.boundAt)}</Fact>
    </dl>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

import { ActionIcon, Loader } from "@mantine/core";
import { IconFocusCentered, IconMinus, IconPlus, IconX } from "@tabler/icons-react";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { useFleet } from "../fleet-context.tsx";
import { useDevice, useIsLoaded, useRoster } from "../live/hooks.ts";
import { EmptyCard } from "../pairing/empty-card.tsx";
import { LineBar } from "../ui/line-bar.tsx";
import { useUi, useUiStore } from "../ui/ui-context.tsx";
import { useText } from "../ui/use-text.ts";
import type { MapEngine } from "./engine.ts";
import classes from "./map-area.module.css";

const MapView = lazy(() => import("./map-view.tsx").then(({ MapView }) => ({ default: MapView })));

/** The map and what lies on it. `children` slide over its right side. */
export function MapArea({ children }: { readonly children: ReactNode }) {
  const t = useText();
  const { table } = useFleet();
  useRoster();
  const isLoaded = useIsLoaded();
  const [engine, setEngine] = useState<MapEngine | null>(null);
  const isEmpty = isLoaded && table.size() === 0;
  return (
    <main className={classes.area} aria-label={t("map.label")}>
      <Suspense fallback={<Loader className={classes.loader} size="sm" aria-hidden />}>
        <MapView onEngine={setEngine} />
      </Suspense>
      <LineBar />
      <FollowChip />
      {isEmpty && <EmptyCard />}
      {engine !== null && !isEmpty && <Controls engine={engine} />}
      {children}
    </main>
  );
}

function Controls({ engine }: { readonly engine: MapEngine }) {
  const t = useText();
  const isShifted = useUi((state) => state.pickedId !== null);
  const buttons = [
    { label: t("map.zoomIn"), Icon: IconPlus, act: () => engine.zoomBy(1) },
    { label: t("map.zoomOut"), Icon: IconMinus, act: () => engine.zoomBy(-1) },
    { label: t("map.fit"), Icon: IconFocusCentered, act: engine.fitAll },
  ];
  return (
    <div className={classes.controls} data-shifted={isShifted || undefined}>
      {buttons.map(({ label, Icon, act }) => (
        <ActionIcon key={label} variant="default" size={36} aria-label={label} title={label} onClick={act}>
          <Icon size={18} stroke={1.8} />
        </ActionIcon>
      ))}
    </div>
  );
}

/** Says that the map moves by itself, and ends it. */
function FollowChip() {
  const followedId = useUi((state) => state.followedId);
  return followedId === null ? null : <Following id={followedId} />;
}

function Following({ id }: { readonly id: number }) {
  const t = useText();
  const ui = useUiStore();
  const device = useDevice(id);
  useEffect(() => {
    if (device === undefined) ui.setState({ followedId: null });
  }, [device, ui]);
  if (device === undefined) return null;
  return (
    <button
      type="button"
      className={classes.chip}
      aria-label={t("device.stopFollowing")}
      onClick={() => ui.setState({ followedId: null })}
    >
      {t("device.followBar", { name: device.name })}
      <IconX size={15} stroke={2} aria-hidden />
    </button>
  );
}

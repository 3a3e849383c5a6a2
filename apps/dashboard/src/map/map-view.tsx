import "maplibre-gl/dist/maplibre-gl.css";
import { useComputedColorScheme } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import { useFleet } from "../fleet-context.tsx";
import { useRoster } from "../live/hooks.ts";
import { labelAgeText } from "../text/age.ts";
import { ProblemNote } from "../ui/problem-note.tsx";
import { useUi, useUiStore } from "../ui/ui-context.tsx";
import { pick } from "../ui/ui-state.ts";
import { useText } from "../ui/use-text.ts";
import { createMapEngine, type MapEngine } from "./engine.ts";
import classes from "./map-area.module.css";
import { loadMapConfig } from "./map-config.ts";

const panelPixels = 360;

/** Mounts the one map and hands it what the room decides; positions go past here. */
export function MapView({ onEngine }: { readonly onEngine: (engine: MapEngine | null) => void }) {
  const t = useText();
  const ui = useUiStore();
  const { table, now, ticker, fetch } = useFleet();
  const holder = useRef<HTMLDivElement>(null);
  const [engine, setEngine] = useState<MapEngine | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const scheme = useComputedColorScheme("light", { getInitialValueInEffect: false });
  const firstScheme = useRef(scheme);
  const pickedId = useUi((state) => state.pickedId);
  const followedId = useUi((state) => state.followedId);
  const sheet = useUi((state) => state.sheet);
  useRoster();
  const isEmpty = table.size() === 0;
  const isNarrow = useMediaQuery("(max-width: 899px)", undefined, { getInitialValueInEffect: false });

  useEffect(() => {
    const life = new AbortController();
    let made: MapEngine | null = null;
    const make = async (): Promise<void> => {
      const config = await loadMapConfig(fetch, life.signal);
      const container = holder.current;
      if (life.signal.aborted || container === null) return;
      try {
        made = createMapEngine({
          container,
          config,
          scheme: firstScheme.current,
          table,
          now,
          onSecond: ticker.subscribe,
          ageText: (ms) => labelAgeText(t, ms),
          label: t("map.label"),
          fetch,
          onPick: (id) => pick(ui, id),
          onUnfollow: () => ui.setState({ followedId: null }),
        });
        setEngine(made);
        onEngine(made);
      } catch {
        setFailed(true);
      }
    };
    make().catch(() => undefined);
    return () => {
      life.abort();
      made?.[Symbol.dispose]();
      setEngine(null);
      onEngine(null);
    };
  }, [table, now, ticker, fetch, ui, t, onEngine]);

  useEffect(() => {
    firstScheme.current = scheme;
    engine?.setScheme(scheme);
  }, [engine, scheme]);
  useEffect(() => {
    const height = window.innerHeight;
    const shares = { low: 84, half: height * 0.5, full: height * 0.5 };
    if (isNarrow)
      engine?.setCovered({ right: 0, bottom: pickedId === null ? shares[isEmpty ? "low" : sheet] : height * 0.62 });
    else engine?.setCovered({ right: pickedId === null ? 0 : panelPixels, bottom: 0 });
  }, [engine, isNarrow, isEmpty, pickedId, sheet]);
  useEffect(() => engine?.follow(followedId), [engine, followedId]);
  useEffect(() => engine?.pick(pickedId), [engine, pickedId]);

  if (hasFailed)
    return (
      <div className={classes.failed}>
        <ProblemNote>
          <strong>{t("map.failed")}</strong>
          <br />
          {t("map.failedBody")}
        </ProblemNote>
      </div>
    );
  return <div ref={holder} className={classes.map} data-testid="map" />;
}

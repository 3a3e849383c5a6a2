import { useState } from "react";
import { DevicePanel } from "../devices/device-panel.tsx";
import { ListColumn } from "../devices/list-column.tsx";
import { RenameDialog } from "../devices/rename-dialog.tsx";
import { MapArea } from "../map/map-area.tsx";
import { PairDialog } from "../pairing/pair-dialog.tsx";
import { PeoplePage } from "../people/people-page.tsx";
import { useIsOwner, useMayDispatch } from "../session/use-signed-in.ts";
import classes from "./fleet-room.module.css";
import { useKeys } from "./keys.ts";
import { KeysDialog } from "./keys-dialog.tsx";
import { Rail } from "./rail.tsx";
import { UiProvider, useUi, useUiStore } from "./ui-context.tsx";
import { createUiStore } from "./ui-state.ts";
import { usePlace } from "./use-place.ts";

/** The room of the live map: rail, list, map, details on demand. */
export function FleetRoom({ onSigningOut }: { readonly onSigningOut: () => void }) {
  const [ui] = useState(createUiStore);
  return (
    <UiProvider value={ui}>
      <Room onSigningOut={onSigningOut} />
    </UiProvider>
  );
}

function Room({ onSigningOut }: { readonly onSigningOut: () => void }) {
  const { place: asked, go } = usePlace();
  const place = useIsOwner() ? asked : "map";
  useKeys(place === "map");
  const ui = useUiStore();
  const mayDispatch = useMayDispatch();
  const pickedId = useUi((state) => state.pickedId);
  const dialog = useUi((state) => state.dialog);
  const close = (): void => ui.setState({ dialog: null });
  return (
    <div className={classes.room}>
      <Rail place={place} onGo={go} onSigningOut={onSigningOut} />
      <div className={classes.under} inert={place !== "map"}>
        <ListColumn />
        <MapArea>{pickedId !== null && <DevicePanel key={pickedId} id={pickedId} />}</MapArea>
      </div>
      {place === "people" && <PeoplePage onLeave={() => go("map")} />}
      {mayDispatch && <PairDialog isOpen={dialog === "pair"} onClose={close} />}
      <KeysDialog isOpen={dialog === "keys"} onClose={close} />
      {typeof dialog === "object" && dialog !== null && <RenameDialog id={dialog.rename} onClose={close} />}
    </div>
  );
}

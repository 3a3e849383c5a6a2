import "../src/jitless.ts";
import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "../src/ui/page.css";
import { memoryStorage, systemClock } from "@dsp-fleet/fleet-client";
import { createRoot } from "react-dom/client";
import { App } from "../src/app.tsx";
import { createFleet } from "../src/fleet.ts";
import { createTexts } from "../src/text/i18n.ts";
import { anAuthResponse, createFakeFleet } from "./fake-fleet.ts";

const wish = new URLSearchParams(location.search);
const storage = memoryStorage();
if (wish.get("session") !== "none")
  storage.setItem("dsp-fleet.session", JSON.stringify({ auth: anAuthResponse(), goodUntilMs: Date.now() + 3_600_000 }));
const fake = createFakeFleet({
  vans: Number(wish.get("vans") ?? "12"),
  scene: wish.get("scene") ?? "live",
  spreadMeters: Number(wish.get("spread") ?? "2600"),
});
const root = document.getElementById("root");
if (root !== null)
  createRoot(root).render(<App fleet={createFleet({ ...fake, storage, clock: systemClock })} texts={createTexts()} />);

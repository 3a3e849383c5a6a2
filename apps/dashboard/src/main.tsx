import "./jitless.ts";
import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./ui/page.css";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { browserPorts, createFleet } from "./fleet.ts";
import { createTexts } from "./text/i18n.ts";

const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App fleet={createFleet(browserPorts())} texts={createTexts()} />);

import "./jitless.ts";
import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./ui/page.css";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { browserPorts, createFleet } from "./fleet.ts";
import { createInvitationLink } from "./session/invitation.ts";
import { createTexts } from "./text/i18n.ts";

// Before anything is drawn or asked: the address bar is rid of the token.
const invitationLink = createInvitationLink(window);
const root = document.getElementById("root");
if (root !== null) {
  const fleet = createFleet(browserPorts());
  createRoot(root).render(<App fleet={fleet} texts={createTexts()} invitationLink={invitationLink} />);
}

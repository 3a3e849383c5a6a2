import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { i18n } from "i18next";
import { useState } from "react";
import { I18nextProvider } from "react-i18next";
import type { Fleet } from "./fleet.ts";
import { FleetProvider } from "./fleet-context.tsx";
import { Entrance } from "./session/entrance.tsx";
import type { InvitationLink } from "./session/invitation.ts";
import { cssVariables, theme } from "./ui/theme.ts";

type Props = { readonly fleet: Fleet; readonly texts: i18n; readonly invitationLink: InvitationLink };

export function App({ fleet, texts, invitationLink }: Props) {
  const [queries] = useState(() => new QueryClient({ defaultOptions: { mutations: { networkMode: "always" } } }));
  return (
    <I18nextProvider i18n={texts}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <QueryClientProvider client={queries}>
          <FleetProvider value={fleet}>
            <ModalsProvider>
              <Notifications position="bottom-center" autoClose={5000} transitionDuration={150} />
              <Entrance link={invitationLink} />
            </ModalsProvider>
          </FleetProvider>
        </QueryClientProvider>
      </MantineProvider>
    </I18nextProvider>
  );
}

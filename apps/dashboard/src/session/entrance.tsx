import { useSyncExternalStore } from "react";
import type { InvitationLink } from "./invitation.ts";
import { InvitePage } from "./invite-page.tsx";
import { SessionGate } from "./session-gate.tsx";

/** An invitation comes first, whoever is signed in; the line to the fleet opens after it. */
export function Entrance({ link }: { readonly link: InvitationLink }) {
  const invitation = useSyncExternalStore(link.onChange, link.invitation);
  return invitation === null ? (
    <SessionGate />
  ) : (
    <InvitePage key={invitation.token} invitation={invitation} onLeave={link.leave} />
  );
}

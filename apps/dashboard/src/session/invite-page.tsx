import { useState } from "react";
import { EntryLayout } from "./entry-layout.tsx";
import type { Invitation } from "./invitation.ts";
import { InviteDeadEnd } from "./invite-dead-end.tsx";
import { InviteForm } from "./invite-form.tsx";

type Props = {
  readonly invitation: Invitation;
  /** On to the live map, or to the way in for who is not signed in. */
  readonly onLeave: () => void;
};

/** Where an invitation's link leads. */
export function InvitePage({ invitation, onLeave }: Props) {
  const [isUnknown, setIsUnknown] = useState(false);
  const { token } = invitation;
  return (
    <EntryLayout>
      {token === null || isUnknown ? (
        <InviteDeadEnd why={token === null ? "missing" : "unknown"} onLeave={onLeave} />
      ) : (
        <InviteForm token={token} onAccepted={onLeave} onUnknown={() => setIsUnknown(true)} onLeave={onLeave} />
      )}
    </EntryLayout>
  );
}

import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useFleet } from "../fleet-context.tsx";
import { EntryPage } from "./entry-page.tsx";
import { OpeningPage } from "./opening-page.tsx";
import { SignedInProvider, useSession } from "./use-signed-in.ts";

const FleetRoom = lazy(() => import("../ui/fleet-room.tsx").then(({ FleetRoom }) => ({ default: FleetRoom })));

/** The way in for who is not signed in, the rooms for who is. */
export function SessionGate() {
  const { openLine } = useFleet();
  const signedIn = useSession();
  const wasIn = useRef(false);
  const [hasEnded, setHasEnded] = useState(false);
  const left = useRef(false);
  const isIn = signedIn !== null;
  const userId = signedIn?.user.id;

  useEffect(() => (userId === undefined ? undefined : openLine()), [userId, openLine]);
  useEffect(() => {
    if (wasIn.current && !isIn) setHasEnded(!left.current);
    if (isIn) left.current = false;
    wasIn.current = isIn;
  }, [isIn]);

  if (signedIn === null) return <EntryPage hasEnded={hasEnded} />;
  return (
    <SignedInProvider value={signedIn}>
      <Suspense fallback={<OpeningPage />}>
        <FleetRoom key={userId} onSigningOut={() => (left.current = true)} />
      </Suspense>
    </SignedInProvider>
  );
}

import { ActionIcon, Button, Skeleton, Title } from "@mantine/core";
import { IconUserPlus, IconX } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useSignedIn } from "../session/use-signed-in.ts";
import { ProblemNote } from "../ui/problem-note.tsx";
import { problemText } from "../ui/problem-text.ts";
import { useText } from "../ui/use-text.ts";
import { InviteDialog } from "./invite-dialog.tsx";
import classes from "./people-page.module.css";
import { PersonRow } from "./person-row.tsx";
import { usePeople } from "./use-people.ts";

/** Who works with the account, and as what; for owners. */
export function PeoplePage({ onLeave }: { readonly onLeave: () => void }) {
  const t = useText();
  const { account } = useSignedIn();
  const people = usePeople();
  /** The e-mail address to start with. */
  const [inviting, setInviting] = useState<string | null>(null);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <main className={classes.page}>
      <div className={classes.content}>
        <header className={classes.head}>
          <div>
            <Title order={1} ref={title} tabIndex={-1}>
              {t("people.title")}
            </Title>
            <p>{t("people.lead", { account: account.name })}</p>
          </div>
          <Button leftSection={<IconUserPlus size={17} stroke={1.8} />} onClick={() => setInviting("")}>
            {t("people.invite")}
          </Button>
          <ActionIcon variant="subtle" color="gray" size={36} aria-label={t("invite.toMap")} onClick={onLeave}>
            <IconX size={20} />
          </ActionIcon>
        </header>
        {people.data === undefined && people.error !== null && (
          <div className={classes.problem}>
            <ProblemNote>{problemText(t, people.error)}</ProblemNote>
            <Button variant="default" onClick={() => void people.refetch()}>
              {t("common.retry")}
            </Button>
          </div>
        )}
        {people.isPending && <Skeleton height={64} radius={6} />}
        {people.data !== undefined && (
          <ul className={classes.list} aria-label={t("people.title")}>
            {people.data.map((person) => (
              <PersonRow key={person.id} person={person} onInviteAgain={() => setInviting(person.email)} />
            ))}
          </ul>
        )}
      </div>
      <InviteDialog
        startWith={inviting}
        role={people.data?.find(({ email }) => email === inviting)?.role ?? "dispatcher"}
        onClose={() => setInviting(null)}
      />
    </main>
  );
}

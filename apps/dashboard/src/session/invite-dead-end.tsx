import { Button, Title } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useText } from "../ui/use-text.ts";
import classes from "./entry-page.module.css";
import { useSession } from "./use-signed-in.ts";

type Props = {
  /** `missing`: the address has no token. `unknown`: the server does not take it, or takes it no longer. */
  readonly why: "missing" | "unknown";
  readonly onLeave: () => void;
};

/** An invitation that leads nowhere: why, and what to do. Gets the focus, so that it is read out. */
export function InviteDeadEnd({ why, onLeave }: Props) {
  const t = useText();
  const isIn = useSession() !== null;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <div className={classes.deadEnd}>
      <Title order={1} ref={title} tabIndex={-1}>
        {t(`invite.${why}.title`)}
      </Title>
      <p>{t(`invite.${why}.why`)}</p>
      <p>{t(`invite.${why}.next`)}</p>
      <Button size="md" onClick={onLeave}>
        {t(isIn ? "invite.toMap" : "session.toSignIn")}
      </Button>
    </div>
  );
}

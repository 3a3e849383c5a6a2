import { password as passwordRule } from "@dsp-fleet/contract";
import { isFleetError } from "@dsp-fleet/fleet-client";
import { Anchor, Button, PasswordInput, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useFleet } from "../fleet-context.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { problemText } from "../ui/problem-text.ts";
import { useText } from "../ui/use-text.ts";
import classes from "./entry-page.module.css";
import { nameMaximum } from "./register-form.tsx";
import { useSession } from "./use-signed-in.ts";

type Props = {
  readonly token: string;
  readonly onAccepted: () => void;
  readonly onUnknown: () => void;
  readonly onLeave: () => void;
};

/** Long enough to read an e-mail address twice. */
const welcomeMs = 10_000;

export function InviteForm({ token, onAccepted, onUnknown, onLeave }: Props) {
  const t = useText();
  const { session } = useFleet();
  const other = useSession();
  const form = useForm({
    initialValues: { displayName: "", password: "" },
    validate: {
      displayName: (value) => (value.trim() === "" ? t("session.required") : null),
      password: (value) => (passwordRule.safeParse(value).success ? null : t("session.passwordShort")),
    },
  });
  const accept = useMutation({
    mutationFn: session.acceptInvite,
    onSuccess: () => {
      // The link named nobody: here they learn what to sign in with tomorrow.
      if (session.signedIn !== null) {
        const { user, account } = session.signedIn;
        const message = t("invite.welcome", { account: account.name, email: user.email });
        notifications.show({ message, autoClose: welcomeMs });
      }
      onAccepted();
    },
    onError: (error) => {
      if (isFleetError(error, "invitation-unknown")) onUnknown();
      if (isFleetError(error, "invalid-request"))
        form.setErrors(Object.fromEntries(Object.entries(error.errors).map(([field, texts]) => [field, texts[0]])));
    },
  });
  const submit = form.onSubmit((values) => {
    if (!accept.isPending) accept.mutate({ ...values, displayName: values.displayName.trim(), token });
  });
  return (
    <form noValidate onSubmit={submit}>
      <Title order={1}>{t("invite.title")}</Title>
      <p className={classes.lead}>{t("invite.lead")}</p>
      {accept.error !== null && (
        <ProblemNote>
          {isFleetError(accept.error, "unreachable") ? t("invite.unreachable") : problemText(t, accept.error)}
        </ProblemNote>
      )}
      {other !== null && !accept.isPending && (
        <div className={classes.other}>
          {t("invite.other", { name: other.user.displayName, account: other.account.name })}{" "}
          <Anchor component="button" type="button" size="sm" onClick={onLeave}>
            {t("invite.stay")}
          </Anchor>
        </div>
      )}
      <TextInput
        label={t("session.displayName")}
        name="displayName"
        autoComplete="name"
        size="md"
        maxLength={nameMaximum}
        autoFocus
        {...form.getInputProps("displayName")}
      />
      <PasswordInput
        label={t("session.password")}
        description={form.errors["password"] === undefined ? t("session.passwordHint") : null}
        inputWrapperOrder={["label", "input", "description", "error"]}
        name="password"
        autoComplete="new-password"
        size="md"
        {...form.getInputProps("password")}
      />
      <Button type="submit" size="md" loading={accept.isPending}>
        {t("invite.accept")}
      </Button>
      {other === null && (
        <p className={classes.switch}>
          {t("invite.joined")}{" "}
          <Anchor component="button" type="button" size="sm" onClick={onLeave}>
            {t("session.toSignIn")}
          </Anchor>
        </p>
      )}
    </form>
  );
}

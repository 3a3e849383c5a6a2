import { Anchor, Button, PasswordInput, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useFleet } from "../fleet-context.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { problemText } from "../ui/problem-text.ts";
import { useText } from "../ui/use-text.ts";
import classes from "./entry-page.module.css";

type Props = {
  readonly hasEnded: boolean;
  readonly email: string;
  readonly onEmail: (email: string) => void;
  readonly onRegister: () => void;
};

export function SignInForm({ hasEnded, email, onEmail, onRegister }: Props) {
  const t = useText();
  const { session } = useFleet();
  const form = useForm({
    initialValues: { email, password: "" },
    onValuesChange: (values) => onEmail(values.email),
    validate: {
      email: (value) => (value.trim() === "" ? t("session.required") : null),
      password: (value) => (value === "" ? t("session.required") : null),
    },
  });
  const signIn = useMutation({ mutationFn: session.signIn });
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ email, password }) => signIn.mutate({ email: email.trim(), password }))}
    >
      <Title order={1}>{t("session.signInTitle")}</Title>
      {signIn.error !== null ? (
        <ProblemNote>{problemText(t, signIn.error)}</ProblemNote>
      ) : (
        hasEnded && <ProblemNote>{t("session.ended")}</ProblemNote>
      )}
      <TextInput
        label={t("session.email")}
        type="email"
        name="email"
        autoComplete="username"
        size="md"
        autoFocus
        {...form.getInputProps("email")}
      />
      <PasswordInput
        label={t("session.password")}
        name="password"
        autoComplete="current-password"
        size="md"
        {...form.getInputProps("password")}
      />
      <Button type="submit" size="md" loading={signIn.isPending}>
        {t("session.signIn")}
      </Button>
      <p className={classes.switch}>
        {t("session.noAccount")}{" "}
        <Anchor component="button" type="button" size="sm" onClick={onRegister}>
          {t("session.toRegister")}
        </Anchor>
      </p>
    </form>
  );
}

import { email as emailRule, password as passwordRule } from "@dsp-fleet/contract";
import { isFleetError } from "@dsp-fleet/fleet-client";
import { Anchor, Button, PasswordInput, Select, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useMemo } from "react";
import { useFleet } from "../fleet-context.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { problemText } from "../ui/problem-text.ts";
import { useText } from "../ui/use-text.ts";
import classes from "./entry-page.module.css";
import { countries, guessCountry, ownTimezone, timezones } from "./places.ts";

type Props = {
  readonly email: string;
  readonly onEmail: (email: string) => void;
  readonly onSignIn: () => void;
};

/** The longest name that the server takes. */
export const nameMaximum = 100;

export function RegisterForm({ email, onEmail, onSignIn }: Props) {
  const t = useText();
  const { session } = useFleet();
  const own = ownTimezone();
  const places = useMemo(() => ({ countries: countries("en"), timezones: timezones(own) }), [own]);
  const needed = (value: string | null) => (value === null || value.trim() === "" ? t("session.required") : null);
  const form = useForm({
    initialValues: {
      displayName: "",
      accountName: "",
      email,
      password: "",
      country: guessCountry(navigator.languages),
      timezone: own,
    },
    onValuesChange: (values) => onEmail(values.email),
    validate: {
      displayName: needed,
      accountName: needed,
      email: (value) => (emailRule.safeParse(value.trim()).success ? null : t("session.emailWrong")),
      password: (value) => (passwordRule.safeParse(value).success ? null : t("session.passwordShort")),
      country: needed,
      timezone: needed,
    },
  });
  const register = useMutation({
    mutationFn: session.register,
    onError: (error) => {
      if (isFleetError(error, "invalid-request"))
        form.setErrors(Object.fromEntries(Object.entries(error.errors).map(([field, texts]) => [field, texts[0]])));
    },
  });
  const select = { searchable: true, allowDeselect: false, size: "md", nothingFoundMessage: t("session.nothingFound") };
  return (
    <form noValidate onSubmit={form.onSubmit((values) => register.mutate({ ...values, email: values.email.trim() }))}>
      <Title order={1}>{t("session.registerTitle")}</Title>
      <p className={classes.lead}>{t("session.registerLead")}</p>
      {register.error !== null && <ProblemNote>{problemText(t, register.error)}</ProblemNote>}
      <TextInput
        label={t("session.displayName")}
        name="displayName"
        autoComplete="name"
        size="md"
        maxLength={nameMaximum}
        autoFocus
        {...form.getInputProps("displayName")}
      />
      <TextInput
        label={t("session.accountName")}
        name="accountName"
        autoComplete="organization"
        size="md"
        maxLength={nameMaximum}
        {...form.getInputProps("accountName")}
      />
      <TextInput
        label={t("session.email")}
        type="email"
        name="email"
        autoComplete="username"
        size="md"
        {...form.getInputProps("email")}
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
      <div className={classes.pair}>
        <Select label={t("session.country")} data={places.countries} {...select} {...form.getInputProps("country")} />
        <Select
          label={t("session.timezone")}
          description={t("session.timezoneHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          data={places.timezones}
          limit={60}
          {...select}
          {...form.getInputProps("timezone")}
        />
      </div>
      <Button type="submit" size="md" loading={register.isPending}>
        {t("session.register")}
      </Button>
      <p className={classes.switch}>
        {t("session.haveAccount")}{" "}
        <Anchor component="button" type="button" size="sm" onClick={onSignIn}>
          {t("session.toSignIn")}
        </Anchor>
      </p>
    </form>
  );
}

import { isFleetError } from "@dsp-fleet/fleet-client";
import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useFleet } from "../fleet-context.tsx";
import { ageOf, ageText } from "../text/age.ts";
import { ProblemNote } from "../ui/problem-note.tsx";
import { problemText } from "../ui/problem-text.ts";
import { useUiStore } from "../ui/ui-context.tsx";
import { pick } from "../ui/ui-state.ts";
import { useText } from "../ui/use-text.ts";
import { missingCharacters } from "./code-entry.ts";
import { CodeField } from "./code-field.tsx";
import classes from "./pair-dialog.module.css";

type Props = { readonly isOpen: boolean; readonly onClose: () => void };

export function PairDialog({ isOpen, onClose }: Props) {
  const t = useText();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t("pair.title")}
      size={440}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <PairForm onClose={onClose} />
    </Modal>
  );
}

function PairForm({ onClose }: { readonly onClose: () => void }) {
  const t = useText();
  const ui = useUiStore();
  const { rest, table } = useFleet();
  const form = useForm({
    initialValues: { code: "", name: "", identifier: "" },
    clearInputErrorOnChange: true,
    validate: {
      code: (code) => {
        const missing = missingCharacters(code);
        return missing > 0 ? t("pair.codeShort", { count: missing }) : null;
      },
      name: (value) => (value.trim() === "" ? t("session.required") : null),
    },
  });
  /** How long the server wants no more attempts. */
  const [asked, setAsked] = useState<Wait | null>(null);
  const pair = useMutation({
    mutationFn: ({ code, name, identifier }: typeof form.values) =>
      rest.bindByCode({
        body: { code, name: name.trim(), identifier: identifier.trim() === "" ? null : identifier.trim() },
      }),
    onSuccess: (device) => {
      table.put(device);
      pick(ui, device.id);
      notifications.show({ title: t("pair.done", { name: device.name }), message: t("pair.waiting") });
      onClose();
    },
    onMutate: () => setAsked(null),
    onError: (error) => {
      if (isFleetError(error, "rate-limited") && error.retryAfterSeconds !== null)
        setAsked({ seconds: error.retryAfterSeconds, until: Date.now() + error.retryAfterSeconds * 1000 });
      if (isFleetError(error, "code-unknown")) form.setFieldError("code", problemText(t, error));
      if (isFleetError(error, "identifier-taken")) form.setFieldError("identifier", problemText(t, error));
    },
  });
  const isAtField = isFleetError(pair.error, "code-unknown") || isFleetError(pair.error, "identifier-taken");
  const wait = useSecondsLeft(asked);
  return (
    <form className={classes.form} noValidate onSubmit={form.onSubmit((values) => pair.mutate(values))}>
      <p className={classes.lead}>{t("pair.lead")}</p>
      {pair.error !== null && !isAtField && <ProblemNote>{problemText(t, pair.error)}</ProblemNote>}
      <CodeField
        code={form.values.code}
        onChange={(code) => form.setFieldValue("code", code)}
        error={typeof form.errors["code"] === "string" ? form.errors["code"] : null}
      />
      <TextInput
        label={t("pair.name")}
        placeholder={t("pair.namePlaceholder")}
        data-testid="pair-name"
        maxLength={100}
        autoComplete="off"
        {...form.getInputProps("name")}
      />
      <TextInput
        label={
          <>
            {t("pair.identifier")} <span className={classes.optional}>{t("common.optional")}</span>
          </>
        }
        description={t("pair.identifierHint")}
        inputWrapperOrder={["label", "input", "description", "error"]}
        data-testid="pair-identifier"
        maxLength={64}
        autoComplete="off"
        {...form.getInputProps("identifier")}
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button type="submit" data-testid="pair-submit" loading={pair.isPending} disabled={wait !== null}>
          {wait === null ? t("pair.submit") : t("pair.submitIn", { wait: ageText(t, ageOf(wait * 1000)) })}
        </Button>
      </Group>
    </form>
  );
}

type Wait = { readonly seconds: number; readonly until: number };

/** Counts down, once a second; null when there is nothing to wait for, or when it is over. */
function useSecondsLeft(wait: Wait | null): number | null {
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (wait === null) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [wait]);
  if (wait === null) return null;
  const left = Math.min(wait.seconds, Math.ceil((wait.until - now) / 1000));
  return left > 0 ? left : null;
}

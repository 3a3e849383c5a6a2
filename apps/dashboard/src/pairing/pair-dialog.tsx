import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { isFleetError } from "@dsp-fleet/fleet-client";
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
    onError: (error) => {
      if (isFleetError(error, "code-unknown")) form.setFieldError("code", problemText(t, error));
      if (isFleetError(error, "identifier-taken")) form.setFieldError("identifier", problemText(t, error));
    },
  });
  const isAtField = isFleetError(pair.error, "code-unknown") || isFleetError(pair.error, "identifier-taken");
  const wait = useWait(pair.error);
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

/** Counts down what the server asked to wait; null when it did not, or when it is over. */
function useWait(error: Error | null): number | null {
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    if (!isFleetError(error, "rate-limited") || error.retryAfterSeconds === null) {
      setLeft(null);
      return undefined;
    }
    const until = Date.now() + error.retryAfterSeconds * 1000;
    const count = (): void => {
      const seconds = Math.ceil((until - Date.now()) / 1000);
      setLeft(seconds > 0 ? seconds : null);
    };
    count();
    const timer = setInterval(count, 1000);
    return () => clearInterval(timer);
  }, [error]);
  return left;
}

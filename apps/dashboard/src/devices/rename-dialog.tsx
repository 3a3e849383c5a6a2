import { isFleetError } from "@dsp-fleet/fleet-client";
import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useFleet } from "../fleet-context.tsx";
import { useDevice } from "../live/hooks.ts";
import type { LiveDevice } from "../live/live-device.ts";
import { ProblemNote } from "../ui/problem-note.tsx";
import { problemText } from "../ui/problem-text.ts";
import { useText } from "../ui/use-text.ts";
import classes from "./rename-dialog.module.css";

type Props = { readonly id: number; readonly onClose: () => void };

export function RenameDialog({ id, onClose }: Props) {
  const t = useText();
  const device = useDevice(id);
  const [title] = useState(device?.name ?? "");
  return (
    <Modal
      opened={device !== undefined}
      onClose={onClose}
      title={t("rename.title", { name: title })}
      size={420}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      {device !== undefined && <RenameForm device={device} onClose={onClose} />}
    </Modal>
  );
}

type Named = Pick<LiveDevice, "name" | "identifier" | "version">;

/** Saves against the version it was opened with; where somebody was quicker, shows theirs and keeps what was typed. */
function RenameForm({ device, onClose }: { readonly device: LiveDevice; readonly onClose: () => void }) {
  const t = useText();
  const { rest, table } = useFleet();
  const seen = useRef(device.version);
  const [theirs, setTheirs] = useState<Named | null>(null);
  const form = useForm({
    initialValues: { name: device.name, identifier: device.identifier ?? "" },
    validate: { name: (value) => (value.trim() === "" ? t("session.required") : null) },
  });
  const rename = useMutation({
    mutationFn: ({ name, identifier }: { name: string; identifier: string }) =>
      rest.updateDevice({
        params: { id: device.id },
        ifMatch: seen.current,
        body: { name: name.trim(), identifier: identifier.trim() === "" ? null : identifier.trim() },
      }),
    onSuccess: (saved) => {
      table.put(saved);
      notifications.show({ message: t("rename.done", { name: saved.name }) });
      onClose();
    },
    onError: async (error) => {
      if (isFleetError(error, "identifier-taken")) form.setFieldError("identifier", t("problem.identifierTaken"));
      if (!isFleetError(error, "version-mismatch")) return;
      const now = await rest.getDevice({ params: { id: device.id } });
      table.put(now);
      seen.current = now.version;
      setTheirs(now);
    },
  });
  const takeTheirs = (): void => {
    if (theirs === null) return;
    form.setValues({ name: theirs.name, identifier: theirs.identifier ?? "" });
    setTheirs(null);
    rename.reset();
  };
  const isShown = isFleetError(rename.error, "identifier-taken") || isFleetError(rename.error, "version-mismatch");
  return (
    <form className={classes.form} noValidate onSubmit={form.onSubmit((values) => rename.mutate(values))}>
      {theirs !== null && (
        <ProblemNote>
          <strong>{t("rename.conflict")}</strong>{" "}
          {t("rename.conflictTheirs", { name: theirs.name, identifier: theirs.identifier ?? t("device.none") })}
        </ProblemNote>
      )}
      {rename.error !== null && !isShown && <ProblemNote>{problemText(t, rename.error)}</ProblemNote>}
      <TextInput label={t("rename.name")} maxLength={100} data-autofocus {...form.getInputProps("name")} />
      <TextInput
        label={t("rename.identifier")}
        description={t("rename.identifierHint")}
        inputWrapperOrder={["label", "input", "description", "error"]}
        maxLength={64}
        {...form.getInputProps("identifier")}
      />
      <Group justify="flex-end" gap="xs">
        {theirs === null ? (
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
        ) : (
          <Button variant="default" onClick={takeTheirs}>
            {t("rename.useTheirs")}
          </Button>
        )}
        <Button type="submit" loading={rename.isPending}>
          {t(theirs === null ? "common.save" : "rename.saveMine")}
        </Button>
      </Group>
    </form>
  );
}

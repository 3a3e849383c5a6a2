import { email as emailRule, type Invitation, type Role } from "@dsp-fleet/contract";
import { isFleetError } from "@dsp-fleet/fleet-client";
import { Button, Group, Modal, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { useTimes } from "../session/use-signed-in.ts";
import { copyText } from "../ui/copy-text.ts";
import { ProblemNote } from "../ui/problem-note.tsx";
import { useText } from "../ui/use-text.ts";
import classes from "./people-page.module.css";
import { personProblem } from "./person-problem.ts";
import { useInvite } from "./use-people.ts";
import { useRoles } from "./use-roles.ts";

type Props = {
  /** The address to start with; null while the dialog is closed. */
  readonly startWith: string | null;
  readonly role: Role;
  readonly onClose: () => void;
};

/** Asks whom to invite, then shows the link, this once. */
export function InviteDialog({ startWith, role, onClose }: Props) {
  const t = useText();
  const [made, setMade] = useState<Invitation | null>(null);
  return (
    <Modal
      opened={startWith !== null}
      onClose={onClose}
      onExitTransitionEnd={() => setMade(null)}
      title={made === null ? t("people.invite") : t("people.linkTitle", { name: made.member.displayName })}
      size={460}
      // The link is gone with the dialog: no stray click takes it away.
      closeOnClickOutside={made === null}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      {made === null ? (
        <InviteForm email={startWith ?? ""} role={role} onMade={setMade} onClose={onClose} />
      ) : (
        <MadeLink made={made} onClose={onClose} />
      )}
    </Modal>
  );
}

type FormProps = {
  readonly email: string;
  readonly role: Role;
  readonly onMade: (made: Invitation) => void;
  readonly onClose: () => void;
};

function InviteForm({ email, role, onMade, onClose }: FormProps) {
  const t = useText();
  const roles = useRoles();
  const form = useForm({
    initialValues: { email, role },
    validate: { email: (value) => (emailRule.safeParse(value.trim()).success ? null : t("session.emailWrong")) },
  });
  const invite = useInvite();
  const submit = form.onSubmit((values) =>
    invite.mutate(
      { ...values, email: values.email.trim() },
      {
        onSuccess: onMade,
        onError: (error) => {
          if (isFleetError(error, "email-in-use")) form.setFieldError("email", t("people.emailInUse"));
        },
      },
    ),
  );
  return (
    <form className={classes.form} noValidate onSubmit={submit}>
      {invite.error !== null && !isFleetError(invite.error, "email-in-use") && (
        <ProblemNote>{personProblem(t, invite.error)}</ProblemNote>
      )}
      <TextInput
        label={t("session.email")}
        type="email"
        autoComplete="off"
        data-autofocus
        {...form.getInputProps("email")}
      />
      <Select
        label={t("people.role")}
        data={roles}
        allowDeselect={false}
        description={t(`people.may.${form.values.role}`)}
        inputWrapperOrder={["label", "input", "description", "error"]}
        {...form.getInputProps("role")}
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t("common.cancel")}
        </Button>
        <Button type="submit" loading={invite.isPending}>
          {t("people.makeLink")}
        </Button>
      </Group>
    </form>
  );
}

function MadeLink({ made, onClose }: { readonly made: Invitation; readonly onClose: () => void }) {
  const t = useText();
  const times = useTimes();
  return (
    <div className={classes.form}>
      <TextInput
        label={t("people.link")}
        description={t("people.linkHint", { email: made.member.email, day: times.day(Date.parse(made.expiresAt)) })}
        inputWrapperOrder={["label", "input", "description"]}
        value={made.inviteUrl}
        readOnly
        data-autofocus
        onFocus={(event) => event.currentTarget.select()}
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t("people.done")}
        </Button>
        <Button
          leftSection={<IconCopy size={17} stroke={1.8} />}
          onClick={() => void copyText(made.inviteUrl, t("common.copied"))}
        >
          {t("people.copy")}
        </Button>
      </Group>
    </div>
  );
}

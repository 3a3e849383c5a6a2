import type { Member } from "@dsp-fleet/contract";
import { ActionIcon, Menu, Select } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconDots, IconLink, IconTrash, IconUserCheck, IconUserOff } from "@tabler/icons-react";
import { useFleet } from "../fleet-context.tsx";
import { useSignedIn, useTimes } from "../session/use-signed-in.ts";
import { useText } from "../ui/use-text.ts";
import classes from "./people-page.module.css";
import { usePersonChanges } from "./use-people.ts";
import { useRoles } from "./use-roles.ts";

type Props = { readonly person: Member; readonly onInviteAgain: () => void };

const icon = { size: 16, stroke: 1.7 } as const;

export function PersonRow({ person, onInviteAgain }: Props) {
  const t = useText();
  const roles = useRoles();
  const { user } = useSignedIn();
  const { change, remove } = usePersonChanges();
  const { displayName: name, state } = person;
  const isMe = person.id === user.id;
  const isInvited = state === "invited";
  const askToRemove = (): void => {
    modals.openConfirmModal({
      title: t(isInvited ? "people.takeBackTitle" : "people.removeTitle", { name }),
      children: t(isInvited ? "people.takeBackBody" : "people.removeBody"),
      labels: { confirm: t(isInvited ? "people.takeBack" : "people.remove"), cancel: t("common.cancel") },
      confirmProps: { color: "red" },
      size: 420,
      onConfirm: () => remove.mutate(person),
    });
  };
  return (
    <li className={classes.row} data-state={state}>
      <div className={classes.who}>
        <strong>
          {name} {isMe && <span className={classes.me}>{t("people.you")}</span>}
        </strong>
        <span>{person.email}</span>
      </div>
      <StateText person={person} />
      <Select
        className={classes.role}
        aria-label={t("people.roleOf", { name })}
        data={roles}
        value={person.role}
        allowDeselect={false}
        disabled={change.isPending}
        onChange={(role) => {
          if (role !== null && role !== person.role) change.mutate({ person, change: { role } });
        }}
      />
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label={t("people.actions", { name })}
            style={isMe ? { visibility: "hidden" } : {}}
          >
            <IconDots size={19} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {isInvited && (
            <Menu.Item leftSection={<IconLink {...icon} />} onClick={onInviteAgain}>
              {t("people.again")}
            </Menu.Item>
          )}
          {state === "active" && (
            <Menu.Item
              leftSection={<IconUserOff {...icon} />}
              onClick={() => change.mutate({ person, change: { disabled: true } })}
            >
              {t("people.disable")}
            </Menu.Item>
          )}
          {state === "disabled" && (
            <Menu.Item
              leftSection={<IconUserCheck {...icon} />}
              onClick={() => change.mutate({ person, change: { disabled: false } })}
            >
              {t("people.enable")}
            </Menu.Item>
          )}
          <Menu.Item color="red" leftSection={<IconTrash {...icon} />} onClick={askToRemove}>
            {t(isInvited ? "people.takeBack" : "people.remove")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

function StateText({ person: { state, inviteExpiresAt } }: { readonly person: Member }) {
  const t = useText();
  const times = useTimes();
  const { now } = useFleet();
  const until = inviteExpiresAt === null ? 0 : Date.parse(inviteExpiresAt);
  return (
    <div className={classes.state}>
      {t(`people.state.${state}`)}
      {state === "invited" && (
        <span>{until > now() ? t("people.linkUntil", { day: times.day(until) }) : t("people.linkOver")}</span>
      )}
    </div>
  );
}

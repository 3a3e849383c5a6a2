import { ActionIcon, Menu, Tooltip, useMantineColorScheme } from "@mantine/core";
import {
  IconCheck,
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMap2,
  IconMoon,
  IconSun,
  IconUserCircle,
  IconUsers,
} from "@tabler/icons-react";
import { useFleet } from "../fleet-context.tsx";
import { useIsOwner, useSignedIn } from "../session/use-signed-in.ts";
import classes from "./rail.module.css";
import { useUiStore } from "./ui-context.tsx";
import type { Place } from "./use-place.ts";
import { useText } from "./use-text.ts";
import { Logo } from "./wordmark.tsx";

type Props = {
  readonly place: Place;
  readonly onGo: (to: Place) => void;
  readonly onSigningOut: () => void;
};

/** The rooms, and what belongs to the person: appearance, keys, signing out. */
export function Rail({ place, onGo, onSigningOut }: Props) {
  const t = useText();
  const ui = useUiStore();
  const isOwner = useIsOwner();
  return (
    <nav className={classes.rail} aria-label={t("rail.label")}>
      <Logo />
      <span className={classes.product}>{t("product")}</span>
      <Tooltip label={t("rail.map")} position="right">
        <ActionIcon
          className={classes.place}
          size={40}
          aria-label={t("rail.map")}
          {...placeProps(place === "map")}
          onClick={() => onGo("map")}
        >
          <IconMap2 size={21} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <span className={classes.space} />
      {isOwner && (
        <Tooltip label={t("people.title")} position="right">
          <ActionIcon
            size={40}
            aria-label={t("people.title")}
            {...placeProps(place === "people")}
            onClick={() => onGo("people")}
          >
            <IconUsers size={21} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      )}
      <Tooltip label={t("rail.shortcuts")} position="right">
        <ActionIcon
          className={classes.keys}
          variant="subtle"
          color="gray"
          size={40}
          aria-label={t("rail.shortcuts")}
          onClick={() => ui.setState({ dialog: "keys" })}
        >
          <IconKeyboard size={21} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <ThemeMenu />
      <PersonMenu onSigningOut={onSigningOut} />
    </nav>
  );
}

const placeProps = (isHere: boolean) =>
  isHere ? ({ variant: "light", "aria-current": "page" } as const) : ({ variant: "subtle", color: "gray" } as const);

const schemes = [
  { scheme: "auto", key: "themeSystem", Icon: IconDeviceDesktop },
  { scheme: "light", key: "themeLight", Icon: IconSun },
  { scheme: "dark", key: "themeDark", Icon: IconMoon },
] as const;

function ThemeMenu() {
  const t = useText();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Current = schemes.find(({ scheme }) => scheme === colorScheme)?.Icon ?? IconDeviceDesktop;
  return (
    <Menu position="right-end">
      <Menu.Target>
        <Tooltip label={t("rail.theme")} position="right">
          <ActionIcon variant="subtle" color="gray" size={40} aria-label={t("rail.theme")}>
            <Current size={21} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("rail.theme")}</Menu.Label>
        {schemes.map(({ scheme, key, Icon }) => (
          <Menu.RadioItem
            key={scheme}
            value={scheme}
            checked={scheme === colorScheme}
            checkIcon={<IconCheck size={15} />}
            rightSection={<Icon size={17} stroke={1.7} />}
            closeMenuOnClick
            onChange={() => setColorScheme(scheme)}
          >
            {t(`rail.${key}`)}
          </Menu.RadioItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function PersonMenu({ onSigningOut }: { readonly onSigningOut: () => void }) {
  const t = useText();
  const { session } = useFleet();
  const { user, account } = useSignedIn();
  const label = t("rail.user", { name: user.displayName, account: account.name });
  return (
    <Menu position="right-end" width={240}>
      <Menu.Target>
        <Tooltip label={label} position="right">
          <ActionIcon variant="subtle" color="gray" size={40} aria-label={label}>
            <IconUserCircle size={22} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.person}>
          <strong>{user.displayName}</strong>
          <span>{user.email}</span>
          <span>
            {account.name} · {t(`rail.role.${user.role}`)}
          </span>
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={17} stroke={1.7} />}
          onClick={() => {
            onSigningOut();
            void session.signOut();
          }}
        >
          {t("session.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

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
} from "@tabler/icons-react";
import { useFleet } from "../fleet-context.tsx";
import { useSignedIn } from "../session/use-signed-in.ts";
import classes from "./rail.module.css";
import { useUiStore } from "./ui-context.tsx";
import { useText } from "./use-text.ts";
import { Logo } from "./wordmark.tsx";

/** The rooms, and what belongs to the person: appearance, keys, signing out. */
export function Rail({ onSigningOut }: { readonly onSigningOut: () => void }) {
  const t = useText();
  const ui = useUiStore();
  return (
    <nav className={classes.rail} aria-label={t("rail.label")}>
      <Logo />
      <span className={classes.product}>{t("product")}</span>
      <Tooltip label={t("rail.map")} position="right">
        <ActionIcon className={classes.place} variant="light" size={40} aria-label={t("rail.map")} aria-current="page">
          <IconMap2 size={21} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <span className={classes.space} />
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

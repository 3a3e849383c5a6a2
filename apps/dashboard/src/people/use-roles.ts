import { useText } from "../ui/use-text.ts";

/** The roles to choose from, the least first. */
export function useRoles() {
  const t = useText();
  return (["viewer", "dispatcher", "owner"] as const).map((value) => ({ value, label: t(`rail.role.${value}`) }));
}

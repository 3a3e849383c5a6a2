import { isFleetError } from "@dsp-fleet/fleet-client";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useFleet } from "../fleet-context.tsx";
import { problemText } from "../ui/problem-text.ts";
import { useText } from "../ui/use-text.ts";

/** Asks first, then unbinds. Somebody else having done it meanwhile is just as good. */
export function useUnbind(): (id: number, name: string) => void {
  const t = useText();
  const { rest, table } = useFleet();
  const { mutate } = useMutation({
    mutationFn: ({ id }: { id: number; name: string }) =>
      rest.unbindDevice({ params: { id } }).catch((error: unknown) => {
        if (!isFleetError(error, "not-found")) throw error;
      }),
    onSuccess: (_, { id, name }) => {
      table.removed(id);
      notifications.show({ message: t("unbind.done", { name }) });
    },
    onError: (error) => notifications.show({ color: "red", message: problemText(t, error) }),
  });
  return (id, name) =>
    modals.openConfirmModal({
      title: t("unbind.title", { name }),
      children: t("unbind.body"),
      labels: { confirm: t("unbind.confirm"), cancel: t("common.cancel") },
      confirmProps: { color: "red" },
      size: 420,
      onConfirm: () => mutate({ id, name }),
    });
}

import type { Member, OperationRequest, Operations } from "@dsp-fleet/contract";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useFleet } from "../fleet-context.tsx";
import { useSignedIn } from "../session/use-signed-in.ts";
import { useText } from "../ui/use-text.ts";
import { personProblem } from "./person-problem.ts";

function useKey() {
  return ["people", useSignedIn().account.id] as const;
}

/** Everybody of the account, those who are only invited too, by the order in which they came. */
export function usePeople() {
  const { rest } = useFleet();
  return useQuery({
    queryKey: useKey(),
    networkMode: "always",
    retry: 1,
    async queryFn({ signal }) {
      const people: Member[] = [];
      let cursor: string | undefined;
      do {
        const page = await rest.listUsers({ query: cursor === undefined ? {} : { cursor }, signal });
        people.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return people;
    },
  });
}

export function useInvite() {
  const { rest } = useFleet();
  const queries = useQueryClient();
  const queryKey = useKey();
  return useMutation({
    mutationFn: (body: OperationRequest<Operations["inviteUser"]>["body"]) => rest.inviteUser({ body }),
    onSuccess: () => queries.invalidateQueries({ queryKey }),
  });
}

type Change = {
  readonly person: Member;
  readonly change: NonNullable<OperationRequest<Operations["updateUser"]>["body"]>;
};

/** Changes or removes somebody; what went wrong is told in words, and the list is as the server has it either way. */
export function usePersonChanges() {
  const t = useText();
  const { rest, session } = useFleet();
  const { user } = useSignedIn();
  const queries = useQueryClient();
  const queryKey = useKey();
  const shared = {
    onError: (error: unknown) => notifications.show({ color: "red", message: personProblem(t, error) }),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  };
  const change = useMutation({
    ...shared,
    mutationFn: ({ person, change: body }: Change) => rest.updateUser({ params: { id: person.id }, body }),
    async onSuccess(saved) {
      notifications.show({ message: t("people.saved", { name: saved.displayName }) });
      if (saved.id !== user.id) return;
      // One's own role is in the session: a fresh one shows the rooms that are left.
      await session.accessToken((await session.accessToken()) ?? undefined);
    },
  });
  const remove = useMutation({
    ...shared,
    mutationFn: (person: Member) => rest.removeUser({ params: { id: person.id } }),
    onSuccess: (_, person) => notifications.show({ message: t("people.removed", { name: person.displayName }) }),
  });
  return { change, remove };
}

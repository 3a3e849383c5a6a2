import type { MessageTemplate, Rescue } from "@dsp-fleet/contract";
import { messagesOf } from "./messages.ts";
import type { People } from "./people.ts";
import { aCircle, drawZone } from "./zones.ts";

type Maker = (people: People, account: string, marker: string) => Promise<number | string>;

const makers = {
  device: async (people, account, marker) =>
    (await people.pair(account, { name: `${marker} van`, identifier: `${marker} plate` })).deviceId,
  zone: (people, account, marker) =>
    drawZone(people, account, aCircle(41, 2, 200, { name: `${marker} zone` })).then(({ id }) => id),
  rescue: async (people, account, marker) => {
    const { token } = await people.account(account);
    const rescuee = await people.pair(account, { name: `${marker} van in need` });
    const rescuer = await people.pair(account, { name: `${marker} van that helps` });
    const body = { rescueeDeviceId: rescuee.deviceId, rescuerDeviceId: rescuer.deviceId };
    const { body: rescue } = await people.rest<Rescue>("POST /api/rescues", { token, body });
    return rescue.sessionId;
  },
  user: async (people, account, marker) => {
    const invited = await people.invite(account, {
      email: `${marker}@things.example`,
      role: "viewer",
      displayName: marker,
    });
    return invited.member.id;
  },
  session: async (people, account) => {
    const { token } = await people.account(account);
    const { body } = await people.rest<{ items: { id: string }[] }>("GET /api/auth/sessions", { token });
    return body.items[0]?.id ?? "";
  },
  message: async (people, account, marker) => {
    const { deviceId } = await people.pair(account, { name: `${marker} van with a message` });
    return (await messagesOf(people, account).send(deviceId, `${marker} message`)).id;
  },
  messageTemplate: async (people, account, marker) => {
    const { token } = await people.account(account);
    const body = { title: `${marker} title`, body: `${marker} text`, quickReplies: [`${marker} reply`] };
    return (await people.rest<MessageTemplate>("POST /api/message-templates", { token, body })).body.id;
  },
} as const satisfies Record<string, Maker>;

/** What the ids in the paths of the API name. */
export type ThingName = keyof typeof makers;

/** Makes one of each kind, with the marker wherever it takes text, and answers their ids. */
export async function oneOfEach(people: People, account: string, marker: string): Promise<Record<ThingName, string>> {
  const made: [string, string][] = [];
  for (const [name, make] of Object.entries<Maker>(makers)) {
    made.push([name, String(await make(people, account, marker))]);
  }
  return Object.fromEntries(made) as Record<ThingName, string>;
}

/** Makes another one of this kind. */
export const oneMore = async (people: People, account: string, name: ThingName, marker: string): Promise<string> =>
  String(await makers[name](people, account, marker));

/** An id of the same form that nobody has. */
export const absentId = (id: string): string =>
  /^\d+$/.test(id) ? "4294967295" : "00000000-0000-4000-8000-000000000000";

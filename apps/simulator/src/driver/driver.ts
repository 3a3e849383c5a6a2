import type { Random } from "../random.ts";

/** What a driver does with a message: looks at it, and perhaps answers. */
export type Reaction =
  | { readonly kind: "sees"; readonly messageId: string }
  | { readonly kind: "answers"; readonly messageId: string; readonly responseText: string };

export type Driver = {
  /** The phone shows a message. */
  readonly shown: (messageId: string) => void;
  /** Lets a second pass; what the driver does in it. */
  readonly step: (isStanding: boolean) => readonly Reaction[];
};

const LOOKS_AFTER_SECONDS = { min: 3, max: 25 };
const ANSWERS_AFTER_SECONDS = { min: 4, max: 20 };
const ANSWERS_CHANCE = 0.6;

const REPLIES: Readonly<Record<string, readonly string[]>> = {
  es: ["Voy para allá", "De acuerdo", "Llego en 10 minutos", "No puedo ahora"],
  ca: ["Hi vaig", "D'acord", "Arribo en 10 minuts", "Ara no puc"],
  en: ["On my way", "OK", "There in 10 minutes", "Not possible now"],
  ar: ["أنا في الطريق", "حسنًا", "أصل خلال 10 دقائق", "لا أستطيع الآن"],
};

type Pending = { readonly messageId: string; seconds: number; readonly reply: string | null; seen: boolean };

/** Reads at a glance while driving; touches the phone only when the van stands. */
export const createDriver = (random: Random, language: string): Driver => {
  const replies = REPLIES[language] ?? REPLIES["en"] ?? [];
  let pending: Pending[] = [];

  const react = (message: Pending, isStanding: boolean): Reaction | null => {
    const { messageId, reply } = message;
    message.seconds -= 1;
    if (message.seconds > 0) return null;
    if (!message.seen) {
      message.seen = true;
      message.seconds = random.integer(ANSWERS_AFTER_SECONDS.min, ANSWERS_AFTER_SECONDS.max);
      return { kind: "sees", messageId };
    }
    return reply !== null && isStanding ? { kind: "answers", messageId, responseText: reply } : null;
  };

  return {
    shown(messageId) {
      const seconds = random.integer(LOOKS_AFTER_SECONDS.min, LOOKS_AFTER_SECONDS.max);
      const reply = random.chance(ANSWERS_CHANCE) ? random.pick(replies) : null;
      pending.push({ messageId, seconds, reply, seen: false });
    },
    step(isStanding) {
      const reactions = pending.map((message) => react(message, isStanding)).filter((one) => one !== null);
      const answered = new Set(reactions.filter(({ kind }) => kind === "answers").map(({ messageId }) => messageId));
      pending = pending.filter(({ messageId, seen, reply }) => !answered.has(messageId) && !(seen && reply === null));
      return reactions;
    },
  };
};

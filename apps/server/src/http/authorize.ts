import type { Access, Role } from "@dsp-fleet/contract";
import type { Principal } from "./context.ts";

const rank: Record<Role, number> = { viewer: 1, dispatcher: 2, owner: 3 };

/** Why this principal may not do it, in words; null when it may. */
export function refusal(access: Exclude<Access, "anyone" | "operator">, principal: Principal): string | null {
  switch (access) {
    case "account":
      return null;
    case "device":
      return principal.kind === "device" ? null : "Only a phone may do this, with its device token.";
    case "user":
      return principal.kind === "user" ? null : "A phone may not do this; sign in as a user.";
    case "viewer":
    case "dispatcher":
    case "owner":
      if (principal.kind !== "user") return "A phone may not do this; sign in as a user.";
      return rank[principal.role] >= rank[access] ? null : `Only ${atLeast[access]} may do this.`;
  }
}

const atLeast: Record<Role, string> = {
  viewer: "a user of the account",
  dispatcher: "a dispatcher or an owner",
  owner: "an owner",
};

import { createListeners } from "@dsp-fleet/fleet-client";

/** An invitation's link that led here. `token` is null where the link came without one, or in pieces. */
export type Invitation = { readonly token: string | null };

export type InvitationLink = {
  /** Null on every page but the invitation's. The same object until another link is followed. */
  readonly invitation: () => Invitation | null;
  readonly onChange: (listener: () => void) => () => void;
  /** Done with it: the page becomes the live map's. */
  readonly leave: () => void;
};

type Page = {
  readonly location: Pick<Location, "pathname" | "hash">;
  readonly history: Pick<History, "replaceState">;
  readonly addEventListener: (type: "hashchange", listener: () => void) => void;
};

const path = "/accept-invite";

/**
 * Takes the token out of the address at once, so that no history, bookmark or glance over the shoulder keeps it;
 * from then on it is in this page's memory alone. A second link opened in the same tab only changes the fragment.
 */
export function createInvitationLink(page: Page): InvitationLink {
  const changes = createListeners<void>();
  let invitation: Invitation | null = null;

  function take(): void {
    if (page.location.pathname.replace(/\/$/, "") !== path) return;
    const fragment = page.location.hash.slice(1);
    page.history.replaceState(null, "", path);
    invitation = { token: /^[\w-]{1,128}$/.test(fragment) ? fragment : null };
    changes.emit();
  }
  take();
  page.addEventListener("hashchange", take);

  return {
    invitation: () => invitation,
    onChange: (listener) => changes.add(listener),
    leave() {
      page.history.replaceState(null, "", "/");
      invitation = null;
      changes.emit();
    },
  };
}

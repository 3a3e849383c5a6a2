/** Subscribes to "the network is back"; the answer is its undo. */
export type OnOnline = (listener: () => void) => () => void;

type EventSourceLike = {
  addEventListener?: (type: string, listener: () => void) => void;
  removeEventListener?: (type: string, listener: () => void) => void;
};

/** The browser's `online` event; where there is none it never fires. */
export const onPlatformOnline: OnOnline = (listener) => {
  const target = globalThis as EventSourceLike;
  target.addEventListener?.("online", listener);
  return () => target.removeEventListener?.("online", listener);
};

/** What is used of the Web Locks API. */
export type Locks = { request<T>(name: string, callback: () => Promise<T>): Promise<T> };

/** The browser's Web Locks, shared by the tabs of one origin; null where there are none. */
export function platformLocks(): Locks | null {
  const { navigator } = globalThis as { navigator?: { locks?: Locks } };
  const locks = navigator?.locks;
  return locks === undefined ? null : { request: (name, callback) => locks.request(name, callback) };
}

import type { VirtualClock } from "@dsp-fleet/fleet-client/testing";
import { createDevice, type Device } from "../device.ts";
import type { DeviceStore } from "../store/device-store.ts";
import { memoryStore } from "../store/memory-store.ts";
import type { IncomingMessage } from "../store/message-store.ts";
import type { ModelServer } from "./model-server.ts";

/** How long a write takes to reach the disk. */
const diskMs = 5;

export type Phone = {
  readonly device: Device;
  readonly disk: DeviceStore;
  readonly network: ReturnType<ModelServer["network"]>;
  /** The process dies; what is on disk stays. Starts again at once. */
  crash(): void;
  /** Called with the keys that are about to leave the disk. */
  onRemove: (timesMs: readonly number[]) => void;
  /** Called with each message that the phone shows. */
  onMessage: (message: IncomingMessage) => void;
};

/** A phone with one disk and, one after the other, many processes. */
export function aPhone(clock: VirtualClock, server: ModelServer, random: () => number): Phone {
  const disk = memoryStore();
  const begin = () => {
    const process = clock.process();
    const network = server.network(process);
    // A write takes effect at one moment and is answered at a later one; a crash may fall before, between, or after.
    const write = async <T>(change: () => Promise<T>): Promise<T> => {
      await new Promise<void>((resolve) => process.after(diskMs, resolve));
      const result = await change();
      await new Promise<void>((resolve) => process.after(diskMs, resolve));
      return result;
    };
    const store: DeviceStore = {
      readIdentity: () => disk.readIdentity(),
      read: (end, limit) => disk.read(end, limit),
      count: () => disk.count(),
      writeIdentity: (identity) => write(() => disk.writeIdentity(identity)),
      append: (fix) => write(() => disk.append(fix)),
      messages: {
        unseen: () => disk.messages.unseen(),
        owed: (limit) => disk.messages.owed(limit),
        keep: (message, atMs) => write(() => disk.messages.keep(message, atMs)),
        say: (messageId, said) => write(() => disk.messages.say(messageId, said)),
        settle: (owed) => write(() => disk.messages.settle(owed)),
        forget: (beforeMs) => write(() => disk.messages.forget(beforeMs)),
      },
      trim: (ring) => write(() => disk.trim(ring)),
      wipe: () => write(() => disk.wipe()),
      remove: (timesMs) =>
        write(() => {
          phone.onRemove(timesMs);
          return disk.remove(timesMs);
        }),
    };
    const device = createDevice({
      baseUrl: "http://fleet.test",
      store,
      network,
      clock: process,
      random,
      randomBytes: (length) => new Uint8Array(length).map(() => Math.floor(random() * 256)),
      info: { platform: "test", model: "Case", appVersion: "1.0.0", appLanguage: "en" },
    });
    device.onMessage((message) => phone.onMessage(message));
    device.start();
    return { process, network, device };
  };
  const phone = {
    disk,
    onRemove: (_: readonly number[]): void => {},
    onMessage: (_: IncomingMessage): void => {},
    ...begin(),
    crash() {
      phone.process.kill();
      phone.network.kill();
      Object.assign(phone, begin());
    },
  };
  return phone;
}

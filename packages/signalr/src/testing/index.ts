export { type LocalServer, serveLocally } from "../node/serve.ts";
export {
  type LifetimeManagerLaw,
  type LifetimeManagerUnderTest,
  lifetimeManagerSpec,
  type RecordingConnection,
} from "./lifetime-manager-spec.ts";
export { createMemoryTransport, type MemoryPeer, type MemoryTransport } from "./memory-transport.ts";
export {
  connectTestClient,
  type TestClient,
  type TestClientOptions,
  type TestProtocol,
  type WireMessage,
} from "./test-client.ts";
export { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

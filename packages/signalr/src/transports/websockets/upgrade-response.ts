import { createHash } from "node:crypto";

/** RFC 6455 section 1.3. */
const keySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const keyShape = /^[+/0-9A-Za-z]{22}==$/;

export type UpgradeCheck =
  | { readonly kind: "ok"; readonly response: string }
  | { readonly kind: "refused"; readonly status: 400 | 426 };

/** Judges a WebSocket upgrade (RFC 6455 section 4.2); no subprotocol and no extension is ever agreed on. */
export function checkUpgrade(method: string | undefined, header: (name: string) => string | undefined): UpgradeCheck {
  const key = header("sec-websocket-key");
  if (method !== "GET" || header("upgrade")?.toLowerCase() !== "websocket") return { kind: "refused", status: 400 };
  if (key === undefined || !keyShape.test(key)) return { kind: "refused", status: 400 };
  if (header("sec-websocket-version") !== "13") return { kind: "refused", status: 426 };
  const accept = createHash("sha1")
    .update(key + keySuffix)
    .digest("base64");
  const response = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
  return { kind: "ok", response };
}

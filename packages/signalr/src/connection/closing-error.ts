import { InvalidDataError } from "../protocol/invalid-data-error.ts";
import { ConnectionError } from "../transports/connection-error.ts";

export const closingError = {
  /** What a Close message says; the cause only when detailed errors are on. */
  text(error: Error, detailed: boolean): string {
    const base = "Connection closed with an error.";
    return detailed ? `${base} ${error.name}: ${error.message}` : base;
  },
  clientTimeout(): Error {
    return new ConnectionError(
      "client-timeout",
      "Client hasn't sent a message/ping within the configured ClientTimeoutInterval.",
    );
  },
  truncated(): Error {
    return new InvalidDataError("Connection terminated while reading a message.");
  },
};

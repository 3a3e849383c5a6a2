import { HubBindingException, HubException, HubUnauthorizedException } from "./hub-exceptions.ts";

/** Error texts of completions. Clients compare them, so they are the reference server's to the letter. */
export const invocationError = {
  unknownMethod: (target: string) => `${failedToInvoke(target)} HubException: Method does not exist.`,
  argumentCount: (target: string, provided: number, expected: number, detailed: boolean) =>
    failedToInvoke(target) +
    (detailed
      ? ` InvalidDataException: Invocation provides ${provided} argument(s) but target expects ${expected}.`
      : ""),
  streamCount: (target: string, provided: number) =>
    `${failedToInvoke(target)} HubException: Client sent ${provided} stream(s), Hub method expects 0.`,
  notStreaming: (target: string) =>
    `The client attempted to invoke the non-streaming '${target}' method with a streaming invocation.`,
  unauthorized: (target: string) => `Failed to invoke '${target}' because user is unauthorized`,
  binding: (target: string, error: unknown, detailed: boolean) => {
    if (error instanceof HubBindingException || error instanceof HubException) {
      return `${failedToInvoke(target)} HubException: ${error.message}`;
    }
    const detail =
      " InvalidDataException: Error binding arguments. Make sure that the types of the provided values match the types of the hub method being invoked.";
    return failedToInvoke(target) + (detailed ? detail : "");
  },
  thrown: (target: string, error: unknown, detailed: boolean) => {
    const base = `An unexpected error occurred invoking '${target}' on the server.`;
    if (error instanceof HubException) return `${base} HubException: ${error.message}`;
    if (!detailed) return base;
    return error instanceof Error ? `${base} ${error.name}: ${error.message}` : `${base} ${String(error)}`;
  },
  isUnauthorized: (error: unknown) => error instanceof HubUnauthorizedException,
};

function failedToInvoke(target: string): string {
  return `Failed to invoke '${target}' due to an error on the server.`;
}

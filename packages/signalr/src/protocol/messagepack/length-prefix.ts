/** The reference server's bound: five bytes of seven bits each, and no message of 2 GiB. */
export const longestPrefix = 5;
export const longestMessage = 0x7fffffff;

/** How many bytes the length takes: seven bits each, lowest first. */
export function prefixLength(messageLength: number): number {
  let count = 1;
  for (let rest = messageLength; rest > 0x7f; rest >>>= 7) count++;
  return count;
}

export function writePrefix(bytes: Buffer, start: number, messageLength: number): void {
  let at = start;
  let rest = messageLength;
  for (; rest > 0x7f; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
  bytes[at] = rest;
}

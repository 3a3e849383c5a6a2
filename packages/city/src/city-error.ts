/** What went wrong while the city was fetched. */
export type CityErrorCode = "npm-missing" | "download-failed" | "bad-package" | "bad-checksum" | "disk" | "timed-out";

/** The city is not available; the message says why and what to do. Callers may go on without it. */
export class CityError extends Error {
  override readonly name = "CityError";
  readonly code: CityErrorCode;

  constructor(code: CityErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const DISK_CODES: ReadonlySet<string> = new Set(["ENOSPC", "EACCES", "EPERM", "EROFS", "EDQUOT", "ENOTDIR", "EIO"]);

/** The system error code of an unknown thrown value (`ENOENT`, `ENOSPC`, …), if it has one. */
export const systemCodeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;

/** Turns a failure of the file system into a CityError; anything else is handed back unchanged. */
export const asDiskError = (thrown: unknown, folder: string): unknown => {
  const code = systemCodeOf(thrown);
  if (thrown instanceof CityError || code === undefined || !DISK_CODES.has(code)) return thrown;
  const why = code === "ENOSPC" || code === "EDQUOT" ? "the disk is full" : `it cannot be written (${code})`;
  return new CityError("disk", `The city cannot be kept in ${folder}: ${why}. Set DSP_FLEET_CACHE to another folder.`, {
    cause: thrown,
  });
};

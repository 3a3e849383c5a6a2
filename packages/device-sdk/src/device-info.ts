/** What the phone says of itself when it asks for a code. */
export type DeviceInfo = {
  readonly platform?: string | null;
  readonly model?: string | null;
  readonly osVersion?: string | null;
  readonly appVersion?: string | null;
  readonly appLanguage?: string | null;
};

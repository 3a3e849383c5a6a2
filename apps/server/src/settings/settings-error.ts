/** A setting that the server cannot start with; names the setting and says what to do. */
export class SettingsError extends Error {
  readonly setting: string;

  constructor(setting: string, detail: string) {
    super(`${setting}: ${detail}`);
    this.name = "SettingsError";
    this.setting = setting;
  }
}

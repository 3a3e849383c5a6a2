import type { LiveDevice } from "./live-device.ts";

export type AppInfo = { batteryPercent: number | null; appVersion: string | null; appLanguage: string | null };

/** Takes over what the phone says of itself; null leaves what was known. True when the app is another than before. */
export function takeAppInfo(device: LiveDevice, info: AppInfo, now: number): boolean {
  if (info.batteryPercent === null && info.appVersion === null && info.appLanguage === null) return false;
  const { appVersion, appLanguage } = device;
  device.batteryLevelPercent = info.batteryPercent ?? device.batteryLevelPercent;
  device.appVersion = info.appVersion ?? device.appVersion;
  device.appLanguage = info.appLanguage ?? device.appLanguage;
  device.appInfoAt = now;
  return appVersion !== device.appVersion || appLanguage !== device.appLanguage;
}

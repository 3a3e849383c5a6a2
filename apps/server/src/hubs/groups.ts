/** Group names, spelled here and nowhere else. */
export const accountGroup = (accountId: number): string => `account:${accountId}`;
export const deviceGroup = (deviceId: number): string => `device:${deviceId}`;

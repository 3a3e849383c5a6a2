/** Group names, spelled here and nowhere else. */
export const accountGroup = (accountId: number): string => `account:${accountId}`;
export const deviceGroup = (deviceId: number): string => `device:${deviceId}`;
/** Every device of the account, also where devices do not see their peers and are not in account:. */
export const devicesGroup = (accountId: number): string => `devices:${accountId}`;
export const dashboardsGroup = (accountId: number): string => `dashboards:${accountId}`;

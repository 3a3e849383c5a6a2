import { login } from "../accounts/login.ts";
import { logout } from "../accounts/logout.ts";
import { getAccount, me, updateMe } from "../accounts/profile.ts";
import { refresh } from "../accounts/refresh.ts";
import { register } from "../accounts/register.ts";
import type { App } from "../app.ts";
import { fleetLive, getDevice, listDevices } from "../devices/read-devices.ts";
import { unbindDevice } from "../devices/unbind-device.ts";
import { updateDevice } from "../devices/update-device.ts";
import { readFastLocation } from "../fast-location/read-fast-location.ts";
import { startFastLocation } from "../fast-location/start-fast-location.ts";
import { stopFastLocation } from "../fast-location/stop-fast-location.ts";
import { historySync } from "../history/history-sync.ts";
import { requestHistorySync } from "../history/request-history-sync.ts";
import { bindByCode } from "../pairing/bind-by-code.ts";
import { deviceMe } from "../pairing/device-me.ts";
import { initDevice } from "../pairing/init-device.ts";
import { cancelRescue, completeRescue } from "../rescues/end-rescue.ts";
import { getRescue, listRescues } from "../rescues/read-rescues.ts";
import { rescueCandidates } from "../rescues/rescue-candidates.ts";
import { startRescue } from "../rescues/start-rescue.ts";
import type { ApplicationHandlers } from "./context.ts";

/** The whole REST API at a glance; leave an operation out and it does not compile. */
export const restHandlers = (app: App): ApplicationHandlers => ({
  register: register(app),
  login: login(app),
  refresh: refresh(app),
  logout: logout(app),
  me: me(app),
  updateMe: updateMe(app),
  getAccount: getAccount(app),
  initDevice: initDevice(app),
  deviceMe: deviceMe(app),
  bindByCode: bindByCode(app),
  listDevices: listDevices(app),
  getDevice: getDevice(app),
  updateDevice: updateDevice(app),
  unbindDevice: unbindDevice(app),
  fleetLive: fleetLive(app),
  historySync: historySync(app),
  requestHistorySync: requestHistorySync(app),
  readFastLocation: readFastLocation(app),
  startFastLocation: startFastLocation(app),
  stopFastLocation: stopFastLocation(app),
  listRescues: listRescues(app),
  startRescue: startRescue(app),
  rescueCandidates: rescueCandidates(app),
  getRescue: getRescue(app),
  completeRescue: completeRescue(app),
  cancelRescue: cancelRescue(app),
});

import { acceptInvite } from "../accounts/accept-invite.ts";
import { changePassword } from "../accounts/change-password.ts";
import { deleteAccount } from "../accounts/delete-account.ts";
import { endSession } from "../accounts/end-session.ts";
import { inviteUser } from "../accounts/invite-user.ts";
import { listSessions } from "../accounts/list-sessions.ts";
import { listUsers } from "../accounts/list-users.ts";
import { login } from "../accounts/login.ts";
import { logout } from "../accounts/logout.ts";
import { getAccount, me, updateMe } from "../accounts/profile.ts";
import { refresh } from "../accounts/refresh.ts";
import { register } from "../accounts/register.ts";
import { removeUser } from "../accounts/remove-user.ts";
import { updateAccount } from "../accounts/update-account.ts";
import { updateUser } from "../accounts/update-user.ts";
import type { App } from "../app.ts";
import { listAudit } from "../audit/list-audit.ts";
import { fleetLive, getDevice, listDevices } from "../devices/read-devices.ts";
import { renewDeviceToken } from "../devices/renew-device-token.ts";
import { unbindDevice } from "../devices/unbind-device.ts";
import { updateDevice } from "../devices/update-device.ts";
import { readFastLocation } from "../fast-location/read-fast-location.ts";
import { startFastLocation } from "../fast-location/start-fast-location.ts";
import { stopFastLocation } from "../fast-location/stop-fast-location.ts";
import { deviceHistory } from "../history/device-history.ts";
import { fleetAt } from "../history/fleet-at.ts";
import { historySync } from "../history/history-sync.ts";
import { deviceStops, deviceTrips } from "../history/read-moves.ts";
import { requestHistorySync } from "../history/request-history-sync.ts";
import {
  createMessageTemplate,
  deleteMessageTemplate,
  listMessageTemplates,
  replaceMessageTemplate,
} from "../message-templates/message-templates.ts";
import {
  messageReceivedOverHttp,
  messageResponseOverHttp,
  messageSeenOverHttp,
} from "../messages/acknowledge-message.ts";
import { cancelMessage } from "../messages/cancel-message.ts";
import { getMessage, listDeviceMessages, listMessages } from "../messages/read-messages.ts";
import { sendMessage } from "../messages/send-message.ts";
import { bindByCode } from "../pairing/bind-by-code.ts";
import { deviceMe } from "../pairing/device-me.ts";
import { initDevice } from "../pairing/init-device.ts";
import { cancelRescue, completeRescue } from "../rescues/end-rescue.ts";
import { getRescue, listRescues } from "../rescues/read-rescues.ts";
import { rescueCandidates } from "../rescues/rescue-candidates.ts";
import { startRescue } from "../rescues/start-rescue.ts";
import { listDeviceZoneVisits, listZoneVisits } from "../zone-visits/read-visits.ts";
import { createZone } from "../zones/create-zone.ts";
import { deleteZone } from "../zones/delete-zone.ts";
import { importZones } from "../zones/import-zones.ts";
import { exportZones, getZone, listZones } from "../zones/read-zones.ts";
import { updateZone } from "../zones/update-zone.ts";
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
  updateAccount: updateAccount(app),
  deleteAccount: deleteAccount(app),
  listAudit: listAudit(app),
  changePassword: changePassword(app),
  listSessions: listSessions(app),
  endSession: endSession(app),
  listUsers: listUsers(app),
  inviteUser: inviteUser(app),
  updateUser: updateUser(app),
  removeUser: removeUser(app),
  acceptInvite: acceptInvite(app),
  initDevice: initDevice(app),
  deviceMe: deviceMe(app),
  bindByCode: bindByCode(app),
  listDevices: listDevices(app),
  getDevice: getDevice(app),
  updateDevice: updateDevice(app),
  unbindDevice: unbindDevice(app),
  renewDeviceToken: renewDeviceToken(app),
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
  deviceHistory: deviceHistory(app),
  deviceTrips: deviceTrips(app),
  deviceStops: deviceStops(app),
  fleetAt: fleetAt(app),
  sendMessage: sendMessage(app),
  listMessages: listMessages(app),
  getMessage: getMessage(app),
  cancelMessage: cancelMessage(app),
  listDeviceMessages: listDeviceMessages(app),
  messageReceived: messageReceivedOverHttp(app),
  messageSeen: messageSeenOverHttp(app),
  messageResponse: messageResponseOverHttp(app),
  listMessageTemplates: listMessageTemplates(app),
  createMessageTemplate: createMessageTemplate(app),
  replaceMessageTemplate: replaceMessageTemplate(app),
  deleteMessageTemplate: deleteMessageTemplate(app),
  listZones: listZones(app),
  createZone: createZone(app),
  exportZones: exportZones(app),
  importZones: importZones(app),
  getZone: getZone(app),
  updateZone: updateZone(app),
  deleteZone: deleteZone(app),
  listZoneVisits: listZoneVisits(app),
  listDeviceZoneVisits: listDeviceZoneVisits(app),
});

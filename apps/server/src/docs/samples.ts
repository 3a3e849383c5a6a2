import { fleetHub, pairingHub } from "@dsp-fleet/contract";

/** Stock-client code that runs as it stands once YOUR_HOST is replaced. */
export const connectSample = `import { HubConnectionBuilder } from "@microsoft/signalr";

const host = "https://YOUR_HOST";
const signIn = await fetch(\`\${host}/api/auth/login\`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ email: "you@example.com", password: "your password" }),
});
const { accessToken } = await signIn.json();

const connection = new HubConnectionBuilder()
  .withUrl(\`\${host}${fleetHub.path}\`, { accessTokenFactory: () => accessToken })
  .withAutomaticReconnect()
  .build();

connection.on("DeviceUpdated", (${Object.keys(fleetHub.events.DeviceUpdated.args).slice(0, 5).join(", ")}) => {
  console.log(deviceId, isConnected, lastLat, lastLon, lastLocationAt);
});

await connection.start();`;

export const pairSample = `import { HubConnectionBuilder } from "@microsoft/signalr";

const host = "https://YOUR_HOST";
const deviceGuid = crypto.randomUUID();
const init = await fetch(\`\${host}/api/device/init\`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ deviceGuid }),
});
const { code } = await init.json();
console.log("Give this code to your dispatcher:", code);

const pairing = new HubConnectionBuilder().withUrl(\`\${host}${pairingHub.path}\`).withAutomaticReconnect().build();
pairing.on("DeviceBound", async ({ signalREndpoint, accessToken }) => {
  const fleet = new HubConnectionBuilder()
    .withUrl(signalREndpoint, { accessTokenFactory: () => accessToken })
    .withAutomaticReconnect()
    .build();
  await fleet.start();
  await fleet.invoke("ReportLocation", 41.3851, 2.1734, 80, "1.0.0", "en");
  await pairing.stop();
});
await pairing.start();
await pairing.invoke("RegisterConnectionForPairing", deviceGuid);`;

export type ClientSample = { readonly language: string; readonly install: string; readonly code: string };

/** A bound phone in each language that has a client: reports where it is, takes a message, says that it has it. */
export const phoneSamples: readonly ClientSample[] = [
  {
    language: "JavaScript",
    install: "npm install @microsoft/signalr",
    code: `import { HubConnectionBuilder } from "@microsoft/signalr";

const fleet = new HubConnectionBuilder()
  .withUrl("https://YOUR_HOST${fleetHub.path}", { accessTokenFactory: () => deviceToken })
  .withAutomaticReconnect()
  .build();
fleet.on("ReceiveMessage", async (messageId, body, displaySeconds) => {
  show(body, displaySeconds);
  await fleet.invoke("MessageReceived", messageId);
});
await fleet.start();
await fleet.invoke("ReportLocation", 41.3851, 2.1734, 80, "1.0.0", "en");`,
  },
  {
    language: "C#",
    install: "dotnet add package Microsoft.AspNetCore.SignalR.Client",
    code: `using Microsoft.AspNetCore.SignalR.Client;

var fleet = new HubConnectionBuilder()
    .WithUrl("https://YOUR_HOST${fleetHub.path}", options =>
        options.AccessTokenProvider = () => Task.FromResult<string?>(deviceToken))
    .WithAutomaticReconnect()
    .Build();
fleet.On<string, string, int>("ReceiveMessage", async (messageId, body, displaySeconds) =>
{
    Show(body, displaySeconds);
    await fleet.InvokeAsync("MessageReceived", messageId);
});
// More than eight arguments come as an array.
fleet.On("DeviceUpdated", new[] { typeof(uint), typeof(bool), typeof(double?), typeof(double?), typeof(DateTime?),
    typeof(double?), typeof(string), typeof(string), typeof(DateTime?), typeof(string) }, args => Task.CompletedTask);
await fleet.StartAsync();
await fleet.InvokeAsync("ReportLocation", 41.3851, 2.1734, 80.0, "1.0.0", "en");`,
  },
  {
    language: "Java",
    install: "com.microsoft.signalr:signalr",
    code: `import com.microsoft.signalr.HubConnection;
import com.microsoft.signalr.HubConnectionBuilder;
import io.reactivex.rxjava3.core.Single;

HubConnection fleet = HubConnectionBuilder.create("https://YOUR_HOST${fleetHub.path}")
    .withAccessTokenProvider(Single.defer(() -> Single.just(deviceToken)))
    .build();
fleet.on("ReceiveMessage", (messageId, body, displaySeconds) -> {
    show(body, displaySeconds);
    fleet.send("MessageReceived", messageId);
}, String.class, String.class, Integer.class);
fleet.start().blockingAwait();
fleet.invoke("ReportLocation", 41.3851, 2.1734, 80.0, "1.0.0", "en").blockingAwait();`,
  },
  {
    language: "Swift",
    install: "https://github.com/dotnet/signalr-client-swift",
    code: `import SignalRClient

var options = HttpConnectionOptions()
options.accessTokenFactory = { deviceToken }
let fleet = HubConnectionBuilder()
    .withUrl(url: "https://YOUR_HOST${fleetHub.path}", options: options)
    .withAutomaticReconnect()
    .build()
await fleet.on("ReceiveMessage") { (messageId: String, body: String, displaySeconds: Int) in
    show(body, displaySeconds)
    try await fleet.invoke(method: "MessageReceived", arguments: messageId)
}
try await fleet.start()
try await fleet.invoke(method: "ReportLocation", arguments: 41.3851, 2.1734, 80.0, "1.0.0", "en")`,
  },
  {
    language: "Python",
    install: "pip install signalrcore",
    code: `from signalrcore.hub_connection_builder import HubConnectionBuilder

fleet = (
    HubConnectionBuilder()
    .with_url("https://YOUR_HOST${fleetHub.path}", options={"access_token_factory": lambda: device_token})
    .with_automatic_reconnect({"type": "raw", "keep_alive_interval": 10, "reconnect_interval": 5})
    .build()
)

def on_message(arguments):
    message_id, body, display_seconds = arguments
    show(body, display_seconds)
    fleet.send("MessageReceived", [message_id])

fleet.on("ReceiveMessage", on_message)
fleet.on_open(lambda: fleet.send("ReportLocation", [41.3851, 2.1734, 80.0, "1.0.0", "en"]))
fleet.start()`,
  },
];

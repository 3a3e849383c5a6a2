// Runs a script on the Node that the project brings along, and says what to do when it is not there.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const needed = 26;
const [, self, script, ...args] = process.argv;

if (Number(process.versions.node.split(".")[0]) < needed) {
  console.error(
    `This needs Node ${needed}; here is ${process.version}. "npm ci" brings Node ${needed} along for Linux, macOS and Windows: run it, then start this through npm (npm start, npm run demo, npm test). Elsewhere install Node ${needed} from https://nodejs.org.`,
  );
  process.exit(1);
}

process.argv = [process.execPath, resolve(script ?? self), ...args];
await import(pathToFileURL(process.argv[1] ?? "").href);

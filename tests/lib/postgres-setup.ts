import { prepareTestDatabases, startCluster, testServerUrl } from "@dsp-fleet/server/testing";

const opened = new AsyncDisposableStack();

/** Before the tests of the project postgres: the server that the environment names, or one of their own. */
export async function setup(): Promise<void> {
  const url = testServerUrl() ?? opened.use(await startCluster()).url;
  opened.use(await prepareTestDatabases(url));
}

export const teardown = (): Promise<void> => opened.disposeAsync();

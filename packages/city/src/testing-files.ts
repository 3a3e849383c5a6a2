import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** A folder that is gone after the test. */
export const temporaryFolder = async (): Promise<AsyncDisposable & { readonly path: string }> => {
  const path = await mkdtemp(join(tmpdir(), "city-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
};

const tarHeader = (path: string, size: number): Buffer => {
  const header = Buffer.alloc(512);
  header.write(path, 0, 100);
  header.write(size.toString(8).padStart(11, "0"), 124);
  header.write("0", 156);
  header.write("ustar", 257);
  return header;
};

/** A .tgz with the given files. */
export const tgzOf = (files: Readonly<Record<string, Uint8Array>>): Buffer =>
  gzipSync(
    Buffer.concat([
      ...Object.entries(files).flatMap(([path, bytes]) => [
        tarHeader(path, bytes.length),
        bytes,
        Buffer.alloc((512 - (bytes.length % 512)) % 512),
      ]),
      Buffer.alloc(1024),
    ]),
  );

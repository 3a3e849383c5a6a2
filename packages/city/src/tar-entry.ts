import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { CityError } from "./city-error.ts";

const BLOCK = 512;

type Header = { readonly path: string; readonly size: number; readonly type: string };

const text = (block: Buffer, from: number, length: number): string => {
  const field = block.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end === -1 ? length : end);
};

/** One POSIX tar header block (ustar: name, size in octal, type, prefix); null for the empty closing block. */
const parseHeader = (block: Buffer): Header | null => {
  if (block.every((byte) => byte === 0)) return null;
  const size = Number.parseInt(text(block, 124, 12).trim(), 8);
  if (!Number.isSafeInteger(size)) throw new CityError("bad-package", "The package is not a readable archive.");
  const prefix = text(block, 257, 5) === "ustar" ? text(block, 345, 155) : "";
  const name = text(block, 0, 100);
  return { path: prefix === "" ? name : `${prefix}/${name}`, size, type: text(block, 156, 1) };
};

const isFile = (header: Header): boolean => header.type === "0" || header.type === "";

/**
 * Streams the bytes of one file out of a .tgz and stops reading behind it.
 * Entry names up to ustar's 255 bytes. Throws CityError `bad-package` when it is absent or cut short.
 */
export async function* readTarEntry(tgzPath: string, entry: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const file = createReadStream(tgzPath, signal ? { signal } : {});
  const gunzip = createGunzip();
  file.on("error", (error) => gunzip.destroy(error));
  file.pipe(gunzip);
  let header: Buffer = Buffer.alloc(0);
  let bodyLeft = 0;
  let paddingLeft = 0;
  let wanted = false;
  try {
    for await (const piece of gunzip) {
      let chunk: Buffer = piece;
      while (chunk.length > 0) {
        if (bodyLeft > 0) {
          const body = chunk.subarray(0, bodyLeft);
          chunk = chunk.subarray(body.length);
          bodyLeft -= body.length;
          if (wanted) yield body;
          if (wanted && bodyLeft === 0) return;
        } else if (paddingLeft > 0) {
          const skipped = Math.min(paddingLeft, chunk.length);
          paddingLeft -= skipped;
          chunk = chunk.subarray(skipped);
        } else {
          const taken = chunk.subarray(0, BLOCK - header.length);
          header = Buffer.concat([header, taken]);
          chunk = chunk.subarray(taken.length);
          if (header.length < BLOCK) continue;
          const found = parseHeader(header);
          header = Buffer.alloc(0);
          if (found === null) continue;
          bodyLeft = found.size;
          paddingLeft = (BLOCK - (found.size % BLOCK)) % BLOCK;
          wanted = isFile(found) && found.path === entry;
          if (wanted && bodyLeft === 0) return;
        }
      }
    }
  } catch (error) {
    if (signal?.aborted || error instanceof CityError) throw error;
    throw new CityError("bad-package", "The package could not be unpacked: it is damaged.", { cause: error });
  } finally {
    file.destroy();
    gunzip.destroy();
  }
  throw new CityError("bad-package", `The package does not hold the whole of ${entry}.`);
}

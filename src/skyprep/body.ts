import { pipeline, type Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { Unreadable } from "./response.ts";

const MiB = 1024 * 1024;
/** Of a refusal only its first words are ever shown. */
export const enoughOfARefusal = 64 * 1024;

/** What undici answers, as far as a body is concerned. */
export interface Arriving {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/**
 * The whole body, unpacked; `largest` counts both what travels and what comes out of it.
 * Rejects with `Unreadable`, on a good status only, or with what ended the connection.
 */
export async function gather(arriving: Arriving, largest: number): Promise<Uint8Array> {
  const { statusCode, body } = arriving;
  const packing = packingOf(arriving.headers);
  const succeeded = statusCode >= 200 && statusCode < 300;
  const chunks: Uint8Array[] = [];
  let size = 0;
  const goesOn = (chunk: Uint8Array) => {
    size += chunk.length;
    if (!succeeded && size > enoughOfARefusal) return false;
    if (size > largest) throw tooLarge(largest);
    chunks.push(chunk);
    return true;
  };
  try {
    await readAll(unpacked(body, packing, largest), goesOn);
  } catch (error) {
    // A status that says no stands, whatever becomes of its words.
    if (succeeded) throw isOfZlib(error) ? garbled(packing, error) : error;
  } finally {
    if (!body.readableEnded) body.destroy();
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

const packingOf = (headers: Arriving["headers"]): string =>
  single(headers["content-encoding"])?.trim().toLowerCase() ?? "";
const isNone = (packing: string): boolean => packing === "" || packing === "identity";

/** Whether an answer with this head comes as it is. */
export const isUnpacked = (headers: Arriving["headers"]): boolean => isNone(packingOf(headers));

/** Until the end, or until `goesOn` says no or throws; by events, which cost a small body half of what iterating does. */
function readAll(source: Readable, goesOn: (chunk: Uint8Array) => boolean): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    source.on("data", (chunk: Uint8Array) => {
      try {
        if (!goesOn(chunk)) resolve();
      } catch (error) {
        reject(error);
      }
    });
    source.on("end", resolve);
    // Stays: what is given up early says so to nobody else.
    source.on("error", reject);
    source.on("close", () => {
      if (!source.readableEnded) reject(new Error("closed before its end"));
    });
  }).finally(() => {
    if (!source.readableEnded) source.destroy();
  });
}

/** Unpacks in small pieces, as they are read: a small body cannot fill the memory. */
function unpacked(body: Readable, packing: string, largest: number): Readable {
  if (isNone(packing)) return body;
  body.on("error", () => {});
  const unpacker = unpackers.get(packing)?.();
  if (unpacker === undefined) throw garbled(packing);
  const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
    let size = 0;
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > largest) throw tooLarge(largest);
      yield chunk;
    }
  };
  // Errors of any part are met by whoever reads.
  return pipeline(body, counted, unpacker, () => {});
}

const unpackers: ReadonlyMap<string, () => Transform> = new Map([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
]);

/** Brotli's own are named `ERR_`, then `_ERROR_…`. */
const isOfZlib = (error: unknown): boolean =>
  /^(Z_|ERR__|ERR_BROTLI)/.test(String((error as NodeJS.ErrnoException).code));

const garbled = (packing: string, cause?: unknown): Unreadable =>
  new Unreadable(
    `SkyPrep's answer could not be unpacked (${/^[\w-]{1,20}$/.test(packing) ? packing : "unknown packing"}).`,
    "Check any proxy on this network; the answer itself is lost.",
    "yes",
    cause,
  );

export const tooLarge = (largest: number): Unreadable =>
  new Unreadable(
    `SkyPrep's answer is larger than ${Math.floor(largest / MiB)} MiB.`,
    "Ask for less: narrow the call with its filters, or take a smaller report.",
    "yes",
  );

export const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

import type { App } from "./compose.ts";

type House = Pick<App, "call" | "directory" | "exports" | "end">;

/**
 * A house that opens with the first that asks for something in it: who only looks at the list of tools waits
 * for no record, guard or journal. `names` are the tools there are to call.
 */
export function late(
  names: ReadonlySet<string>,
  open: () => Promise<House>,
): Omit<House, "exports"> & { readonly exports: Pick<House["exports"], "list" | "read"> } {
  let opening: Promise<House> | undefined;
  let ended = false;
  const house = () => {
    opening ??= open().then((opened) => {
      if (ended) void opened.end();
      return opened;
    });
    return opening;
  };
  return {
    call: (name, ...rest) =>
      names.has(name) ? house().then(({ call }) => call(name, ...rest) ?? missing(name)) : undefined,
    directory: {
      complete: async (...asked) => (await house()).directory.complete(...asked),
      find: async (...asked) => (await house()).directory.find(...asked),
      meant: async (...asked) => (await house()).directory.meant(...asked),
    },
    exports: {
      list: async () => (await house()).exports.list(),
      read: async (id) => (await house()).exports.read(id),
    },
    /** Nothing runs in a house that was never opened; who comes later finds it closed. */
    end: async () => {
      ended = true;
      await (await opening)?.end();
    },
  };
}

const missing = (name: string): never => {
  throw new Error(`${name} is listed, but is not there`);
};

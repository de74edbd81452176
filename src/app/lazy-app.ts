import type { App } from "./compose.ts";

type OpenedApp = Pick<App, "call" | "directory" | "exports" | "upToDate" | "desk" | "end">;

/**
 * An app that opens with the first that asks something of it: who only looks at the list of tools waits for no
 * record, guard or journal. `names` are the tools there are to call.
 */
export function lazyApp(
  names: ReadonlySet<string>,
  open: () => Promise<OpenedApp>,
): Omit<OpenedApp, "exports" | "upToDate" | "desk"> & {
  readonly exports: Pick<OpenedApp["exports"], "list" | "read">;
  readonly desk: () => Promise<OpenedApp["desk"]>;
} {
  let opening: Promise<OpenedApp> | undefined;
  let ended = false;
  const app = () => {
    opening ??= open().then((opened) => {
      if (ended) void opened.end();
      return opened;
    });
    return opening;
  };
  const current = async () => {
    const opened = await app();
    await opened.upToDate?.();
    return opened;
  };
  return {
    call: (name, ...rest) =>
      names.has(name) ? current().then(({ call }) => call(name, ...rest) ?? missing(name)) : undefined,
    directory: {
      complete: async (...asked) => (await current()).directory.complete(...asked),
      find: async (...asked) => (await current()).directory.find(...asked),
      meant: async (...asked) => (await current()).directory.meant(...asked),
    },
    exports: {
      list: async () => (await app()).exports.list(),
      read: async (id) => (await app()).exports.read(id),
    },
    desk: async () => (await current()).desk,
    /** Nothing runs in an app that was never opened; who comes later finds it closed. */
    end: async () => {
      ended = true;
      await (await opening)?.end();
    },
  };
}

const missing = (name: string): never => {
  throw new Error(`${name} is listed, but is not there`);
};

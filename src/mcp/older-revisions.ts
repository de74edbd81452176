import type { Server } from "@modelcontextprotocol/server";

/** The first revision whose clients know icons and extensions. */
const knownSince = "2025-11-25";

/** A client that negotiated a revision without a thing never gets the thing: the SDK tells every one of them the same. */
export function onlyWhatIsKnown(server: Server): void {
  const connect = server.connect.bind(server);
  server.connect = (transport) => {
    const send = transport.send.bind(transport);
    transport.send = (message, ...rest) =>
      send("result" in message ? { ...message, result: known(message.result) } : message, ...rest);
    return connect(transport);
  };
}

type Result = Readonly<Record<string, unknown>>;

/** Of an answer to `initialize`, the only one that names the revision it was agreed on. */
function known<R extends Result>(result: R): R {
  const { protocolVersion, serverInfo, capabilities } = result;
  if (typeof protocolVersion !== "string" || protocolVersion >= knownSince) return result;
  const { icons: _, ...info } = (serverInfo ?? {}) as Result;
  const { extensions: __, ...able } = (capabilities ?? {}) as Result;
  return { ...result, serverInfo: info, capabilities: able };
}

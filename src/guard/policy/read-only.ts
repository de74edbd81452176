import type { Send } from "../../skyprep/send.ts";

/** Thrown instead of sending: a route that writes met SKYPREP_READ_ONLY. */
export class WriteInReadOnly extends Error {
  constructor(route: string) {
    super(`${route} was not sent: this server is set to read only.`);
  }
}

/** The last check before the wire, whatever was listed or decided above it (contract §2). */
export const readOnly =
  (send: Send, reads: ReadonlySet<string>): Send =>
  async (request, signal, context) => {
    if (!reads.has(request.route)) throw new WriteInReadOnly(request.route);
    return send(request, signal, context);
  };

import { writesTakenAway } from "../access/principal.ts";
import { Failure } from "./response.ts";
import type { Send } from "./send.ts";

/** Not sent: what whoever calls was granted is theirs no more. */
export class GrantTaken extends Failure {
  constructor(route: string, why: string) {
    super(`${route} was not sent: ${why}`, "Nothing was sent.", "no");
  }
}

/** A write waits for its turn, and for another try, up to a minute: it leaves only if it still may then. */
export const whileGranted =
  (send: Send, reads: ReadonlySet<string>): Send =>
  async (request, signal, context) => {
    const why = reads.has(request.route) ? undefined : writesTakenAway();
    if (why !== undefined) throw new GrantTaken(request.route, why);
    return send(request, signal, context);
  };

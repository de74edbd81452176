import type { Send } from "./send.ts";

/** Innermost, where a request leaves: tells its call's trip so, and what came back. */
export const traced =
  (send: Send): Send =>
  async (request, signal, trip) => {
    trip?.onSend(request.route);
    const answer = await send(request, signal, trip);
    if (trip) {
      trip.bytes += answer.body.length;
      trip.status = answer.status;
    }
    return answer;
  };

import { Missing, type Read, Unread } from "../guard/look.ts";
import { cleanText } from "../reply/clean-text.ts";
import type { Api } from "../skyprep/api.ts";
import { Failure, Rejected } from "../skyprep/failure.ts";
import { encode } from "../skyprep/form.ts";
import { errorInside } from "../skyprep/wire.ts";

/** The guard's eyes: one read of the API, never from a kept list. */
export const lookUp =
  (api: Api): Read =>
  async (route, parameters, signal) => {
    try {
      const reading = await api(route, encode(parameters), signal);
      if (reading.is !== "json") throw new Unread("no data came");
      const inside = errorInside(reading.value);
      if (inside) throw new Unread(`SkyPrep said ${JSON.stringify(cleanText(inside.text))}`);
      return reading.value;
    } catch (error) {
      if (error instanceof Rejected && error.status === 404) throw new Missing(route);
      if (error instanceof Failure) throw new Unread(cleanText(error.message));
      throw error;
    }
  };

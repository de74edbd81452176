import { personWithLogin } from "../model/people.ts";
import type { World } from "../model/world.ts";
import { asJson, asPage } from "../server/incoming.ts";
import { Refusal, type RouteAnswer } from "../server/route.ts";
import { personView } from "../views/person.ts";
import type { Asked, Switches } from "./switch.ts";

/** Whoever opened the account: its first admin. */
function ownersRecord({ route, form }: Asked, world: World): RouteAnswer | undefined {
  const login = form.get("user_email");
  if (route !== "get_user" || form.get("user_id") || !login || personWithLogin(world, login))
    return undefined;
  const owner = [...world.people.values()].find(({ role }) => role === "admin");
  return owner && { json: personView(world, owner) };
}

/** What comes of asking for somebody or something that is not there. */
export const absence = {
  "unknown-is-404": {
    "says-error": { absent: () => asJson({ message: "error" }) },
    page: { absent: () => asPage("The page you were looking for doesn't exist.", "", 404) },
    unprocessable: { absent: () => new Refusal(422, "Record could not be found") },
    "empty-list": { absent: () => ({ rows: [] }) },
    owner: { absent: ownersRecord },
    nothing: { absent: () => ({ json: null }) },
  },
} satisfies Switches<"unknown-is-404">;

import { describe, expect, it } from "vitest";
import { pageRoutes } from "../../support/routes.ts";
import { layer } from "./support.ts";

const samples = Object.values(pageRoutes)
  .filter(({ response }) => typeof response === "object" && response !== null)
  .map(({ route, response }) => [route, response] as const);

/** The page's prose promises a list, its sample shows one (skyprep-api §4, 7). */
const oneForMany = [
  "get_power_users",
  "get_user_roles",
  "get_datasets",
  "create_or_update_power_users",
  "destroy_instructor_led_training_timeslot_registrations",
];

describe("the page's own samples", () => {
  it.each(samples)("%s passes as it is", async (route, response) => {
    const answer = structuredClone(response);
    const { value, told } = layer(answer);

    const came = await value(route);

    if (oneForMany.includes(route)) expect((came as unknown[])[0]).toBe(answer);
    else expect(came).toBe(answer);
    expect(answer).toEqual(response);
    expect(told).toEqual(oneForMany.includes(route) ? ["lists-are-bare single"] : []);
  });
});

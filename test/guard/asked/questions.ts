import { type Form, yes } from "../../support/person.ts";
import type { JobCase } from "./jobs.ts";
import { openCounted } from "./world.ts";

/** The one question of a job, as a form shows it; what it needs before is done. */
export async function questionOfJob(one: JobCase): Promise<string> {
  const academy = await openCounted({ people: 90 });
  academy.answered(yes);
  const [name, args] = await one.before(academy.call, academy.world);
  let message = "";
  academy.answered((form: Form) => {
    message = form.phrase === undefined ? form.message : `${form.message}\n[type] ${form.phrase}`;
    return { action: "decline" };
  });
  const reply = await academy.call(name, args);
  await academy.close();
  return message === "" ? `Nobody was asked: ${reply.text}` : message;
}

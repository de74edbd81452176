import { describe, expect, it } from "vitest";
import { exampleOf, toolName } from "../../src/catalogue/catalogue.ts";
import type { Send } from "../../src/skyprep/send.ts";
import { answering, connect } from "../support/academy.ts";
import { pageRoutes } from "../support/routes.ts";
import { understood } from "./understood.ts";



/** Whom the page's samples are about, where a record about somebody else would not be taken for an answer. */
const asked: Readonly<Record<string, Record<string, unknown>>> = {
  create_course_progress: { course_id: 201 },
  create_instructor_led_training_timeslot_registrations: { user_id: 101 },
};

/** Answers with this, and pages of it where pages of training records are asked for. */
function paging(body: string): Send {
  return async (request, signal) => {
    const form = new URLSearchParams(request.body);
    const [page, size] = [Number(form.get("page") ?? 1), Number(form.get("per_page"))];
    const { send } = answering(request.route === "get_course_progresses" && size > 0 ? pageOf(body, page, size) : body);
    return send(request, signal);
  };
}

function pageOf(body: string, page: number, size: number): string {
  const value = JSON.parse(body);
  const cut = (rows: unknown[]) => rows.slice((page - 1) * size, page * size);
  if (Array.isArray(value)) return JSON.stringify(cut(value));
  return JSON.stringify(Array.isArray(value.data) ? { data: cut(value.data) } : value);
}

/** The smallest arguments each tool takes; the sample answers whatever was asked. */
async function replyTo(route: string, body: string) {
  const academy = await connect(paging(body), { SKYPREP_SANDBOX: "true", SKYPREP_CONFIRM: "off" });
  const tool = academy.catalogue.tools.get(toolName(route));
  if (!tool) throw new Error(route);
  // Filters of the examples would hide sample rows; the sample is what is under test.
  const reply = await academy.call(tool.name, { ...exampleOf(tool), ...asked[route] });
  await academy.close();
  return reply;
}

const secrets = /sample_view_key|sample_calendar_key|view_key|webcal|gravatar|public_certificate|ipn|payer_email|ssn/;

describe("every sample answer of the page is understood", () => {
  const withSample = Object.values(pageRoutes).filter(({ response }) => response !== undefined);

  it("has a hand-written understanding for each, and only get_async_report has no sample", () => {
    expect(Object.keys(understood).sort()).toEqual(withSample.map(({ route }) => route).sort());
    expect(withSample).toHaveLength(85);
  });

  it.each(withSample.map(({ route, response }) => [route, response] as const))("%s", async (route, response) => {
    const body = typeof response === "string" ? response : JSON.stringify(response);

    const reply = await replyTo(route, body);

    expect(reply.isError, reply.text).toBe(false);
    expect(reply.structured).toMatchObject(understood[route] ?? {});
    expect(reply.text).not.toMatch(secrets);
    expect(JSON.stringify(reply.structured)).not.toMatch(secrets);
  });

  it.each(withSample.filter(({ response }) => Array.isArray(response)).map(({ route, response }) => [route, response] as const))(
    "%s, also as one object, and wrapped",
    async (route, response) => {
      const [first] = response as unknown[];

      const bare = await replyTo(route, JSON.stringify(first));
      const wrapped = await replyTo(route, JSON.stringify({ data: response }));

      expect(bare.structured).toMatchObject({ total: 1 });
      expect(wrapped.structured).toMatchObject(understood[route] ?? {});
    },
  );

  it.each(["destroy_user", "destroy_course_progress", "mass_enroll"])("%s, however success is spelt", async (route) => {
    for (const body of ['{"message":"success"}', '{"status":"success"}', "success", '"success"', "Success\n"]) {
      expect(await replyTo(route, body)).toMatchObject({ isError: false, structured: { done: true } });
    }
  });
});

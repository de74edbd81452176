import { figure, one } from "./schema/answer.ts";
import { choice, input } from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";
import { Connection, Figure, Program } from "./schema/records/account.ts";

export const account = {
  test_connection: {
    title: "Test the connection",
    description:
      "Check that the API key and the account's domain work. Use it first when calls fail; get_program says more.",
    effect: "read",
    input: input({}),
    output: one(Connection),
  },
  get_program: {
    title: "Show the account",
    description:
      "The account's name, domain and how many people, courses, groups, learning paths and admins it has.",
    effect: "read",
    input: input({}),
    output: one(Program),
  },
  get_data: {
    title: "Count one thing",
    description: "One figure of the account. For all counts at once use get_program.",
    effect: "read",
    input: input({
      data_type: choice(
        ["user_count", "admin_count", "learner_count", "course_count", "user_group_count"],
        "What to count",
        "learner_count",
      ),
    }),
    output: figure(Figure, "data_type"),
  },
} satisfies Section;

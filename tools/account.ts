import { figure, oneMeant, partly } from "./schema/answer.ts";
import { choice, choices, elsewhere, input, text } from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";
import { Connection, Figure, Program } from "./schema/records/account.ts";

export const account = {
  test_connection: {
    title: "Test the connection",
    description:
      "Check that SkyPrep answers and the key works; with domain, that it is the academy you mean. Totals: get_program.",
    searchHint: "is the API key valid, are we connected, wrong account",
    effect: "read",
    input: input({
      domain: text("e.g. acme.skyprepapp.com; else not checked", "example.skyprepapp.com").optional(),
    }),
    wire: { domain: { sent: false } },
    output: oneMeant(Connection, "domain", "acct_key"),
  },
  get_program: {
    title: "Show the account's totals",
    description:
      "Totals of people, admins, courses, groups, paths; the account's name and domain. Learners: get_data. What needs attention: account_overview.",
    searchHint: "how many users are in our LMS, account details",
    effect: "read",
    input: input({
      figures: elsewhere(
        choices(
          ["users_count", "admin_count", "courses_count", "user_groups_count", "learning_paths_count"],
          "Only these, e.g. users_count; else all",
          ["users_count"],
        ),
      ).optional(),
    }),
    wire: { figures: { sent: false } },
    output: partly(Program, "figures"),
  },
  get_data: {
    title: "Count one thing",
    description: "One total of the account; learners are counted only here. The others at once: get_program.",
    searchHint: "how many learners do we have, number of users",
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

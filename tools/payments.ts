import { many } from "./schema/answer.ts";
import { count, extra, input, text } from "./schema/fields.ts";
import type { Section } from "./schema/operation.ts";
import { Payment } from "./schema/records/account.ts";

export const payments = {
  get_payments: {
    title: "List payments",
    description:
      "Course sales through Stripe and PayPal, newest first: amount, status, buyer, not for which course: see their get_course_progresses of that day. What is left out filters nothing.",
    searchHint: "revenue, sales, invoices, orders",
    effect: "read",
    input: input({
      status: text("complete, or as rows show it", "complete", 64).optional(),
      created_after_days_ago: count("Of the last so many days", 30, 36_500).optional(),
      payment_type: text("paypal or stripe", "paypal", 64).optional(),
      extra,
    }),
    filters: {
      status: { field: "status" },
      created_after_days_ago: { field: "created_at", test: "days" },
      payment_type: { field: "payment_type" },
    },
    output: many(Payment),
  },
} satisfies Section;

import { meeting } from "../model/filters.ts";
import type { Payment } from "../model/office.ts";
import type { World } from "../model/world.ts";
import { type Input, Refusal, type Route } from "../server/route.ts";
import { iso, seconds } from "../views/dates.ts";

const DAY = 86_400_000;
const noCustomFields = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`ca_${n}`, null]));

/** A payment outlives its payer; the names are then gone. */
const paymentView = (payment: Payment, world: World): Record<string, unknown> => {
  const payer = world.people.get(payment.user_id);
  return {
    id: payment.id,
    model_type: "payment",
    payment_type: payment.payment_type,
    status: payment.status,
    transaction_number: payment.transaction_number,
    ipn_history: [],
    amount: payment.amount,
    user_id: payment.user_id,
    first_name: payer?.first_name ?? null,
    last_name: payer?.last_name ?? null,
    ...noCustomFields,
    payer_email: payer?.email ?? null,
    latest_ipn_data: [],
    created_at: iso(payment.created_at),
    created_at_int: seconds(payment.created_at),
    updated_at: iso(payment.created_at),
    updated_at_int: seconds(payment.created_at),
  };
};

const oldestWanted = (input: Input, world: World): number | undefined => {
  if (!input.has("created_after_days_ago")) return undefined;
  const days = input.number("created_after_days_ago");
  if (days < 0) throw new Refusal(422, "created_after_days_ago must be 0 or more");
  return world.now() - days * DAY;
};

const testsOf = (input: Input, world: World): ((row: Payment) => boolean)[] => {
  const oldest = oldestWanted(input, world);
  const equal = (["status", "payment_type"] as const).flatMap((name) => {
    const value = input.optional(name);
    return value ? [(row: Payment) => row[name] === value] : [];
  });
  return oldest === undefined ? equal : [(row) => row.created_at >= oldest, ...equal];
};

export const payments = {
  get_payments: {
    page: ["status", "created_after_days_ago", "payment_type"],
    answer: (input, world) => {
      const wanted = [...world.payments.values()].filter(meeting(world, testsOf(input, world)));
      wanted.sort((one, other) => other.created_at - one.created_at || other.id - one.id);
      return { json: wanted.map((payment) => paymentView(payment, world)) };
    },
  },
} satisfies Record<string, Route>;

import { kind } from "../answer.ts";
import { amount, date, Id, idOrNull, words } from "../values.ts";

export const PointsBalance = kind(
  "points balance",
  "points balances",
  { user_id: Id, email: words, gamification_balance: amount },
  ["user_id", "email", "gamification_balance"],
);
export const PointsTransaction = kind(
  "points transaction",
  "points transactions",
  {
    id: Id,
    user_id: idOrNull,
    amount,
    description: words,
    balance: amount,
    unique_transaction_id: words,
    created_at: date,
  },
  ["id", "user_id", "amount", "balance", "description"],
  { repeats: { user_id: ["user_id"], amount: ["amount"] } },
);

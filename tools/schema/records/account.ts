import { z } from "zod";
import { kind } from "../answer.ts";
import { amount, custom, date, Id, idOrNull, number, words } from "../values.ts";

export const Program = kind(
  "account",
  "accounts",
  {
    name: words,
    acct_key: words,
    users_count: amount,
    courses_count: amount,
    user_groups_count: amount,
    admin_count: amount,
    learning_paths_count: amount,
    created_at: date,
    updated_at: date,
  },
  ["name", "acct_key", "users_count"],
);
/** Another message is no connection. */
const success = z.string().regex(/\bsuccess/i);
export const Connection = kind("connection", "connections", { message: success, acct_key: words }, [
  "message",
  "acct_key",
]);
export const Figure = kind("figure", "figures", { data: number }, ["data"]);
export const Material = kind(
  "material",
  "materials",
  {
    id: Id,
    name: words,
    descriptive_extension: words,
    file_extension: words,
    page_count: amount,
    version_code: words,
    category: words,
    parent_id: idOrNull,
    created_at: date,
    updated_at: date,
  },
  ["id", "name", "descriptive_extension", "page_count", "category"],
  { searched: true },
);
export const Payment = kind(
  "payment",
  "payments",
  {
    id: Id,
    created_at: date,
    status: words,
    payment_type: words,
    amount: words,
    user_id: idOrNull,
    first_name: words,
    last_name: words,
    transaction_number: words,
    payer_email: words,
    updated_at: date,
    ...custom,
  },
  ["id", "created_at", "status", "payment_type", "amount", "user_id", "last_name"],
  { personal: ["payer_email"], searched: true },
);

import { z } from "zod";
import { date, flag, Id, idOrNull, words } from "../values.ts";

export const group = {
  id: Id,
  name: words,
  full_name: words,
  user_group_id: idOrNull,
  user_group_type: words,
  category: words,
  description: words,
  force_order: flag,
  created_at: date,
  updated_at: date,
};
export const GroupRow = z.object(group);

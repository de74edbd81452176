import type { Answer } from "./route.ts";

export const success: Answer = { json: { message: "success" } };

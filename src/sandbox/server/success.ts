import type { RouteAnswer } from "./route.ts";

export const success: RouteAnswer = { json: { message: "success" } };

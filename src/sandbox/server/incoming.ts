import type { Incoming } from "../../skyprep/send.ts";
import type { RouteAnswer } from "./route.ts";

const encoder = new TextEncoder();

export const plain = "text/plain; charset=utf-8";
export const html = "text/html; charset=utf-8";
const json = "application/json; charset=utf-8";

export function incoming(status: number, contentType: string, body: string | Uint8Array): Incoming {
  return { status, contentType, body: typeof body === "string" ? encoder.encode(body) : body };
}

export const asJson = (value: unknown, status = 200): Incoming =>
  incoming(status, json, JSON.stringify(value));

export const asPage = (title: string, words: string, status = 200): Incoming =>
  incoming(
    status,
    html,
    `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>${title}</title></head>\n<body><h1>${title}</h1><p>${words}</p></body>\n</html>\n`,
  );

export function written(answer: RouteAnswer): Incoming {
  if ("json" in answer) return asJson(answer.json);
  if ("rows" in answer) return asJson(answer.rows.map((row) => row()));
  if ("text" in answer) return incoming(200, answer.contentType, answer.text);
  return incoming(200, answer.contentType, answer.bytes);
}

import type { Api } from "../api.ts";
import type { RequestContext } from "../request.ts";
import { errorInside, type ParsedResponse } from "../response.ts";

/** One request on its way, as the layers here pass it on. */
export interface Asking {
  readonly route: string;
  readonly form: string;
  readonly signal: AbortSignal;
  readonly context: RequestContext | undefined;
}

export const send = (api: Api, { route, signal, context }: Asking, form: string): Promise<ParsedResponse> =>
  api(route, form, signal, context);

/** The rows of a list that came as one; undefined for whatever else came. */
export function listIn(reading: ParsedResponse): readonly unknown[] | undefined {
  if (reading.is !== "json" || !Array.isArray(reading.value)) return undefined;
  return errorInside(reading.value) === undefined ? reading.value : undefined;
}

/** What tells one row from another: its number, else all of it. */
export function rowKey(row: unknown): string {
  const { id } = (row ?? {}) as { id?: unknown };
  return id === undefined || id === null ? JSON.stringify(row) : String(id);
}

/**
 * Pages are round numbers, dozens or what a computer counts in (24, 32, 48, 64); so few rows as ten are no page that
 * anybody would choose to be shorter.
 */
export const couldBePage = (rows: number): boolean =>
  rows >= 10 && (rows % 5 === 0 || rows % 12 === 0 || rows % 16 === 0);

/** The same form with these parameters in place of its own; undefined: without it. */
export function withParameters(
  form: string,
  set: Readonly<Record<string, string | number | undefined>>,
): string {
  const parameters = new URLSearchParams(form);
  for (const [name, value] of Object.entries(set)) {
    if (value === undefined) parameters.delete(name);
    else parameters.set(name, String(value));
  }
  return parameters.toString();
}

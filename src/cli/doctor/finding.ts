/** What one look found: well, or what to do. */
export interface CheckResult {
  readonly ok: boolean;
  readonly says: string;
}

export const ok = (says: string): CheckResult => ({ ok: true, says });
/** `todo` says what is wrong and what to do about it. */
export const wrong = (todo: string): CheckResult => ({ ok: false, says: todo });

export const line = ({ ok, says }: CheckResult): string => `${ok ? "ok" : "✗ "}  ${says}`;

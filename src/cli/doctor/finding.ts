/** What one look found: well, or what to do. */
export interface Finding {
  readonly ok: boolean;
  readonly says: string;
}

export const ok = (says: string): Finding => ({ ok: true, says });
/** `todo` says what is wrong and what to do about it. */
export const wrong = (todo: string): Finding => ({ ok: false, says: todo });

export const line = ({ ok, says }: Finding): string => `${ok ? "ok" : "✗ "}  ${says}`;

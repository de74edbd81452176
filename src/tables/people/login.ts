import { unseen } from "../../text/typed.ts";
import { isNoLogin } from "./nobody.ts";

/** Why nobody should be given this login; undefined where it may be one. */
export function wrongInLogin(text: string): string | undefined {
  if (text.trim() === "" || isNoLogin(text)) return "it names nobody";
  if (unseen.test(text)) return "it holds an invisible or a control character";
  if (/\s|[\u3000\u2800]/.test(text)) return "it holds a blank";
  if (/[<>()[\]{}"“”,;]|^(?:mailto|smtp):/i.test(text)) return "it holds more than a login";
  if ((text.match(/@/g) ?? []).length > 1) return "it holds more than one @";
  return /@.*[^\p{L}\p{N}\p{M}._-]/u.test(text) ? "no address has such a mark behind its @" : undefined;
}

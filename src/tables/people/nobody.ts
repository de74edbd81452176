const fold = (text: string): string => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();

const placeholders: ReadonlySet<string> = new Set(
  `n/a|na|n.a.|n.a|n-a|n/d|nd|n.d.|s/d|s/o|k.a.|k. a.|k.a|ka|o.a.|nvt|n.v.t.|#n/a|null|nil|none|(none)|<none>|[none]|tbd|tba|tbc|t.b.d.|tbd.|to be determined|to be defined|to be confirmed|to follow|undefined|nan|(null)|<null>|[null]|"null"|\\n|not available|not applicable|not provided|not assigned|not set|no email|no e-mail|noemail|no mail|no login|keine|keiner|kein|aucun|aucune|ninguno|ninguna|nessuno|nessuna|nenhum|nenhuma|geen|empty|(empty)|blank|(blank)|(leer)|missing|<na>|<empty>|[object object]`.split(
    "|",
  ),
);
/** The same where a login should stand. */
const noLogins: ReadonlySet<string> = new Set(
  "x|xx|xxx|xxxx|?|??|???|0|00|not found|fehlt|pending|unknown|unbekannt|inconnu|desconocido|sconosciuto|desconhecido|onbekend|vacant|vacancy|false|true|no|new|no access|see hr|later".split(
    "|",
  ),
);
/** Marks that stand for nothing. */
const marks = /^[\s\-–—_.·•*=~/\\|+#:,;'"<>()[\]{}]*$/u;
/** A spreadsheet's errors, in its languages; and a column too narrow to show what it holds. */
const error = /^(?:#+|#[¡¿]?[\p{Lu}\d/_]+[!?]|#N\/[AD]|#NV|#I\/T|#GETTING_DATA|Err:\d{3})$/u;

export const isSheetError = (text: string): boolean => error.test(text.trim());

/** Where something is missing, people and programs write this. */
export const isPlaceholder = (text: string): boolean =>
  marks.test(text) || isSheetError(text) || (text.length <= 24 && placeholders.has(fold(text)));

/** Where a login should stand, none. */
export const isNoLogin = (text: string): boolean => isPlaceholder(text) || noLogins.has(fold(text));

/** Words for nothing that are no mere marks: a person may be called so. */
export const isWordForNothing = (text: string): boolean =>
  isSheetError(text) || (isPlaceholder(text) && !marks.test(text));

export const isRule = (cells: readonly string[]): boolean =>
  cells.some((cell) => cell !== "") && cells.every((cell) => /^[\s:=_+*~–—-]*$/.test(cell));

const things =
  "rows?|records?|lines?|employees?|people|persons?|users?|members?|entries|learners?|results?|items?|names?|zeilen|zeile|mitarbeiter\\w*|personen|einträge|datensätze|lignes?|employés?|personnes?|enregistrements?|filas?|registros?|empleados?|personas?|righe|riga|dipendenti|persone|linhas?|colaboradores|funcionários|pessoas|rijen|regels|medewerkers";
const morePattern = new RegExp(
  `(?:\\d[\\d.,]*|and|und|et|y|e|en|&|\\+|plus|many|some|viele|[.…(])\\s*(?:\\d[\\d.,]*\\s*)?(?:more|others|additional|remaining|weitere|autres|más|mas|altri|altre|outros|outras|mais|meer|andere)\\b|\\b(?:more|others|additional|remaining|weitere|autres|más|altri|altre|outros|mais|meer|andere)\\s+(?:${things})\\b|\\b(?:truncated|omitted|snipped|not shown|and so on|rest of (?:the )?(?:list|rows|file)|gekürzt|usw|tronqué|truncado|troncato|afgekapt)\\b|^\\W*(?:etc|continued?|cont'?d|more|others)\\W*$`,
  "iu",
);
const dots = /^[\s.…⋯*()[\]{}<>|\-–—#/]*(?:…|\.\.\.?|⋯)[\s.…()[\]{}<>|*\-–—#/]*$/u;
const totalPattern = new RegExp(
  `^\\W*(?:grand\\s+|sub)?(?:totals?|totale[s]?|totaal|count|headcount|sum|summe|gesamt\\w*|anzahl|insgesamt|nombre|aantal|numero|número)\\b.{0,80}$|^\\W*\\d[\\d.,']*\\s+(?:[\\p{L}]+\\s+){0,2}(?:${things})\\b|\\b(?:${things})\\s*(?:\\([^)]*\\)\\s*)?[:=]\\s*\\d|\\b(?:count|total|headcount|anzahl)\\s*[:=]\\s*\\d|^\\W*(?:showing|anzeige|affichage)\\b.*\\d|\\b(?:${things})\\W*\\(\\s*\\d+\\s*\\)`,
  "iu",
);
const harmless =
  /^(?:-{2,}\s*)?(?:end of (?:report|list|file|data|table)|ende der liste|fin du rapport|fin de la liste|fin del informe|fine (?:report|elenco)|fim do relatório|einde (?:rapport|lijst)|(?:generated|printed|exported|created|downloaded|report run|run|as of|stand|erstellt|généré|generado|generato|gerado|run date|report date|date|datum|fecha|data)\b[^@]*\d|confidential|vertraulich|confidentiel|internal use only|confidencial|riservato)/iu;

/** "1. Avery Learner", "101 Ruth People; …": a name in capitals is nobody's count. */
const numberedName =
  /^\W*\d+[.)]?\s+(?!Active|Total|Selected|Current|Inactive|New|All|Aktive|Activos?\b)\p{Lu}[\p{L}'’.-]+\s+(?:\p{L}+\s+)?\p{Lu}\p{L}+\s*(?:$|[;,(])/u;

export type Remark =
  /** Says nothing of who is in the list. */
  | { readonly is: "harmless" }
  | { readonly is: "total"; readonly numbers: readonly number[] }
  /** Says that there are more than are in it. */
  | { readonly is: "more" };

/** A row that is a remark on the list rather than a person of it; undefined where it is none of those known. */
export function remarkIn(cells: readonly string[]): Remark | undefined {
  const said = cells.filter((cell) => cell !== "");
  const text = said.join(" ");
  if (text === "" || text.length > 300 || /[^\s@]@[^\s@]/.test(text)) return undefined;
  if (said.every((cell) => dots.test(cell))) return { is: "more" };
  if (said.length > 3) return undefined;
  const page =
    /\b(?:page|seite|página|pagina|blatt|sheet|part|teil)\s*:?\s*(\d+)\s*(?:of|von|de|di|van|sur|\/)\s*(\d+)/iu.exec(
      text,
    );
  if (page) return page[1] === page[2] ? { is: "harmless" } : { is: "more" };
  if (/^(?:page|seite|página|pagina)\s*:?\s*\d+$/iu.test(text)) return { is: "harmless" };
  if (morePattern.test(text)) return { is: "more" };
  if (harmless.test(text)) return { is: "harmless" };
  if (totalPattern.test(text) && !numberedName.test(text)) {
    // "Showing 1-50 of 302" is of 302.
    const whole = /\d\s*(?:of|von|de|di|van|sur|aus|\/)\s*(\d[\d.,']*)/iu.exec(text)?.[1];
    const numbers = (whole === undefined ? (text.match(/\d+(?:[.,'\s]\d{3})*(?!\d)/g) ?? []) : [whole]).map(
      (one) => Number(one.replace(/\D/g, "")),
    );
    return { is: "total", numbers };
  }
  return /(?:…|\.\.\.)\s*$/.test(text) && said.length === 1 ? { is: "more" } : undefined;
}

const partly =
  /\b(?:preview|sample|excerpt|partial|truncated|(?:first|top|last)\s+\d+|auszug|vorschau|extrait|aperçu|extracto|estratto|excerto|amostra|uittreksel|filter(?:ed|s|t)?\b(?!\s*:?\s*(?:none|all|active)))/iu;

/** What stands above a header says that this is not all. */
export const isPartly = (text: string): boolean => partly.test(text);

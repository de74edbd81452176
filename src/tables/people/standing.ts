import { isPlaceholder } from "./nobody.ts";

/** Whether somebody still belongs here, as a row says it. */
export type RosterStanding =
  | { readonly is: "here" }
  | { readonly is: "gone" }
  /** A day they may still come on; ISO. */
  | { readonly is: "until"; readonly day: string }
  | { readonly is: "unclear"; readonly why: string };

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));
const goneWords =
  set(`terminated terminate term termed inactive deactivated deactivate disabled former formeremployee exemployee ex resigned retired retiree dismissed left leaver separated separatedemployee
  deceased withdrawn archived deleted suspended suspend fired released discharged laidoff layoff redundant quit offboarded exited notactive nonactive nolongeremployed notemployed contractended ended expired revoked removed closed blocked
  t i voluntarytermination involuntarytermination voluntary involuntary jobabandonment
  gekundigt gekuendigt ausgeschieden inaktiv ehemalig ehemaliger ehemalige verrentet pensioniert deaktiviert gesperrt ausgetreten verstorben geloscht archiviert beendet nichtaktiv
  inactif inactive parti partie sorti sortie resilie demissionnaire demissionne licencie licenciee desactive desactivee retraite retraitee radie archive supprime decede termine
  inactivo inactiva baja debaja dadodebaja cesado cesada despedido despedida jubilado jubilada renuncio desactivado desactivada terminado terminada retirado retirada fallecido suspendido eliminado archivado
  inattivo inattiva cessato cessata licenziato licenziata dimesso dimessa dimissionario pensionato disattivato disattivata disabilitato uscito terminato
  inativo inativa desligado desligada demitido demitida aposentado aposentada desativado desativada rescindido exonerado afastadodefinitivo
  inactief uitdienst vertrokken ontslagen gepensioneerd gedeactiveerd uitgeschakeld geblokkeerd exmedewerker`);
const hereWords =
  set(`active activated employed employee current currentemployee onleave leave loa leaveofabsence paidleave unpaidleave medicalleave maternityleave parentalleave maternity parental sabbatical fulltime parttime ft pt f p full part
  permanent temporary temp contractor contract casual seasonal intern probation probationary hired rehired enabled enable regular salaried hourly newhire onboarding working inservice a l ok registered verified invited student worker staff fixedterm furlough furloughed confirmed
  aktiv beschaftigt beschaeftigt angestellt vollzeit teilzeit elternzeit mutterschutz imdienst aktiviert unbefristet befristet probezeit beurlaubt freigestellt werkstudent azubi praktikant
  actif active enposte present presente encontrat cdi cdd enconge congematernite congeparental conge tempsplein tempspartiel stagiaire interimaire alternant enactivite
  activo activa enactivo alta dealta empleado contratado vigente delicencia permiso licencia excedencia tiempocompleto mediotiempo indefinido
  attivo attiva inservizio inforza assunto incongedo congedo aspettativa tempoindeterminato tempodeterminato
  ativo ativa emexercicio contratado emlicenca licenca ferias afastado efetivo
  actief indienst werkzaam metverlof verlof vast tijdelijk`);
const trainingWords = set(
  `passed failed inprogress notstarted completed complete incomplete notapplicable started enrolled assigned overdue pending new open`,
);
/** Of a course and of nothing else: what is beside them, such as "Expired" or "Terminé", is of the course too. */
const courseWords = set(
  `passed failed inprogress notstarted notattempted completed incomplete notcompleted
  bestanden nichtbestanden inbearbeitung nichtbegonnen nichtgestartet abgeschlossen
  encours noncommence pascommence reussi echoue encurso noiniciado sinempezar sininiciar aprobado reprobado completado
  incorso noniniziato completato superato nonsuperato emcurso emandamento naoiniciado concluido aprovado reprovado
  bezig nietgestart nietbegonnen voltooid geslaagd gezakt`,
);
const yes = set(
  "yes y true t 1 x ja j si s oui o sim verdadero vero verdadeiro vrai wahr waar on ✓ ✔ checked",
);
const no = set("no n false f 0 nein non nao nee falso faux falsch onwaar off unchecked");
/** Of accounts, licences and contracts as much as of people. */
const ofThingsToo = set(
  `inactive disabled deactivated suspended expired ended revoked removed closed blocked deleted archived released t i
  voluntary involuntary left quit deaktiviert gesperrt inaktiv beendet archiviert desactive inactif expire archive inactivo desactivado suspendido
  eliminado archivado inattivo disattivato disabilitato inativo desativado inactief gedeactiveerd uitgeschakeld geblokkeerd`,
);
/** They are here, and something about an end is said. */
const notYet =
  /^(?:not|never|non|nicht|niet|nao|não|pas)\b(?!.*(?:a[ck]ti[vf]|employ))|^(?:pending|upcoming|planned|scheduled|future)\b|\beligib/i;
/** They were gone, and may not be any more. */
const yetAgain =
  /\b(?:rehired|reinstated|reactivated|rescinded|reversed|cancell?ed|returned|returning|pending|on leave|leave of absence|loa|wiedereingestellt|r[ée]int[ée]gr)/i;

const fold = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}✓✔]+/gu, "");

/** Whether a cell is a word for being here or gone. */
export const isStandingWord = (text: string): boolean => {
  const word = fold(text);
  return word.length > 1 && (goneWords.has(word) || hereWords.has(word));
};

/** Whether somebody of whom it is said has left, whatever the column is called. */
export const isPlainlyGone = (text: string): boolean =>
  isStandingWord(text) && goneWords.has(fold(text)) && !ofThingsToo.has(fold(text));

/** Whether cells are of a course's progress: then no word of them says who is gone. */
export const areOfCourses = (cells: readonly string[]): boolean =>
  cells.some((cell) => courseWords.has(fold(cell))) && !cells.some(isGoneWhateverOf);
/** French and Spanish courses are "terminé" and "terminado" too. */
export const isGoneWhateverOf = (text: string): boolean =>
  isPlainlyGone(text) && !/^termin(?:e|ee|ado|ada|ato|ata)$/.test(fold(text));

const unclear = (why: string): RosterStanding => ({ is: "unclear", why });
const goneStem = /terminat|inactiv|inaktiv|resign|retire|dismiss|gekünd|ausgesch|licenci|despedid|desligad/i;

/** A column of status: a word, or a word with more behind it ("Terminated - Voluntary", "Active (LOA)"). */
export function statusIn(text: string): RosterStanding | undefined {
  if (isPlaceholder(text)) return undefined;
  const word = fold(text);
  if (goneWords.has(word)) return { is: "gone" };
  if (hereWords.has(word)) return { is: "here" };
  const [first = "", ...more] = text.split(/[^\p{L}\p{N}'’.]+/u).map(fold);
  if (goneWords.has(first))
    return yetAgain.test(text)
      ? unclear("it says of them both that they are gone and that they are here")
      : { is: "gone" };
  if (notYet.test(text)) return { is: "here" };
  if (hereWords.has(first)) {
    if (
      !more.some((one) => goneWords.has(one) && !ofThingsToo.has(one)) &&
      !more.some((one) => /^(?:inactive|ended|expired)$/.test(one))
    )
      return { is: "here" };
    return /^a[ck]ti[vf]/.test(first) || yetAgain.test(text)
      ? unclear("it says of them both that they are here and that they are gone")
      : { is: "gone" };
  }
  if (/^(?:non?|not|in|nicht|niet)\b/i.test(text) && /a[ck]ti[vf]|employ/i.test(text)) return { is: "gone" };
  if (goneStem.test(text))
    return yetAgain.test(text) ? unclear("it is no word known for being here or gone") : { is: "gone" };
  if (trainingWords.has(word)) return undefined;
  if (yes.has(word)) return { is: "here" };
  if (no.has(word)) return { is: "gone" };
  return unclear("it is no word known for being here or gone");
}

/** A column that may be of something else: what says gone there is a doubt. */
export function perhapsIn(text: string): RosterStanding | undefined {
  if (isPlaceholder(text)) return undefined;
  return statusIn(text)?.is === "here"
    ? undefined
    : unclear("whether it says that they are gone is not plain");
}

/** A column that asks: active? terminated? */
export function answerIn(text: string, asks: "is_active" | "is_gone"): RosterStanding | undefined {
  if (isPlaceholder(text)) return undefined;
  const word = fold(text);
  if (yes.has(word)) return { is: asks === "is_active" ? "here" : "gone" };
  if (no.has(word)) return { is: asks === "is_active" ? "gone" : "here" };
  return statusIn(text);
}

export type ColumnDayOrder = "day first" | "month first" | "unknown";

/** How a column writes its days, where one of them can be read in one way only. */
export function dayOrderOf(cells: Iterable<string>): ColumnDayOrder {
  for (const cell of cells) {
    const [, a, b] = /^(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}\b/.exec(cell.trim()) ?? [];
    if (Number(a) > 12) return "day first";
    if (Number(b) > 12) return "month first";
  }
  return "unknown";
}

const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const otherMonths: Readonly<Record<string, number>> = Object.fromEntries(
  `janv:1 enero:1 ene:1 gen:1 gennaio:1 janeiro:1 fev:2 fevr:2 febbraio:2 mrz:3 marz:3 maerz:3 mars:3 mrt:3 maart:3 marzo:3 marco:3 avr:4 abr:4 aprile:4 avril:4 mai:5 mei:5 mag:5 maggio:5 mayo:5 maio:5 juin:6 giu:6
  giugno:6 juil:7 lug:7 luglio:7 ago:8 aout:8 agosto:8 set:9 sept:9 okt:10 ott:10 out:10 outubro:10 ottobre:10 dez:12 dic:12 dicembre:12 dec:12`
    .split(/\s+/)
    .map((one) => one.split(":"))
    .map(([name, n]) => [name ?? "", Number(n)]),
);

export function monthIn(word: string): number | undefined {
  const folded = fold(word);
  return otherMonths[folded] ?? (months.indexOf(folded.slice(0, 3)) + 1 || otherMonths[folded.slice(0, 3)]);
}

/** ISO; "never" for a day that stands for none; undefined where it is no day, or could be two. */
export function dayIn(text: string, order: ColumnDayOrder): string | "never" | "two ways" | undefined {
  const shown = text.trim().replace(/[T ,]+\d{1,2}:\d\d.*$/, "");
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(shown) ?? /^(\d{4})(\d\d)(\d\d)$/.exec(shown);
  if (iso) return isoOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const three = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})$/.exec(shown);
  if (three) {
    const [a, b, year] = [Number(three[1]), Number(three[3]), yearOf(Number(three[4]))];
    if (three[2] === "." || order === "day first" || a > 12) return isoOf(year, b, a);
    if (order === "month first" || b > 12) return isoOf(year, a, b);
    const [one, other] = [isoOf(year, a, b), isoOf(year, b, a)];
    return one === other ? one : "two ways";
  }
  const named =
    /^(?:\p{L}+,?\s+)?(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+(?:de\s+)?(\p{L}+)\.?[\s,-]+(?:de\s+)?(\d{4}|\d{2})$/u.exec(
      shown,
    );
  if (named) return isoOf(yearOf(Number(named[3])), monthIn(named[2] ?? "") ?? 0, Number(named[1]));
  const american = /^(?:\p{L}+,\s+)?(\p{L}+)\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?,?[\s-]+(\d{4})$/u.exec(shown);
  if (american) return isoOf(Number(american[3]), monthIn(american[1] ?? "") ?? 0, Number(american[2]));
  // As a spreadsheet counts days.
  if (/^\d{5}(?:\.\d+)?$/.test(shown)) {
    return new Date(Date.UTC(1899, 11, 30) + Math.floor(Number(shown)) * 86_400_000)
      .toISOString()
      .slice(0, 10);
  }
  return /^[0\-./ :]+$/.test(shown) ? "never" : undefined;
}

/** Both readings of a day that can be read in two ways. */
export function bothDays(text: string): readonly string[] {
  return (["day first", "month first"] as const).flatMap((order) => dayIn(text, order) ?? []);
}

const yearOf = (year: number): number => (year >= 100 ? year : year < 70 ? 2000 + year : 1900 + year);

function isoOf(year: number, month: number, day: number): string | "never" | undefined {
  if (year === 0 || year >= 2090 || year <= 1901) return "never";
  const date = new Date(Date.UTC(year, month - 1, day));
  return month >= 1 && month <= 12 && date.getUTCDate() === day ? date.toISOString().slice(0, 10) : undefined;
}

/** What an end means on this day. A day that is not over yet is a last day. */
export function untilIn(text: string, order: ColumnDayOrder, today: string): RosterStanding | undefined {
  if (isPlaceholder(text)) return undefined;
  const day = dayIn(text, order);
  if (day === "never") return undefined;
  if (day === "two ways") {
    const past = bothDays(text).map((one) => one < today);
    return past.every((one) => one)
      ? { is: "gone" }
      : { is: "unclear", why: "the day can be read in two ways" };
  }
  if (day !== undefined) return day < today ? { is: "gone" } : { is: "until", day };
  const word = statusIn(text);
  return word?.is === "unclear" || word === undefined ? { is: "unclear", why: "it is no day known" } : word;
}

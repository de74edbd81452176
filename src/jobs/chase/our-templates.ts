import { count } from "../../text/english.ts";

/** Languages that letters of ours are in. */
export const languages = ["en", "de", "fr", "es", "it", "pt", "nl"] as const;
export type Language = (typeof languages)[number];

interface OurLetter {
  /** As days are written. */
  readonly locale: string;
  readonly template: string;
  readonly late: (days: number) => string;
  readonly left: (days: number) => string;
}

export const ours: Readonly<Record<Language, OurLetter>> = {
  en: {
    locale: "en-GB",
    template: `Subject: Training of your team that is still open
Hello {manager},

as of {today}, the following training of your team has not been completed ({people}, {count}):

{#each}
- {name}: {course}, due {deadline} ({when})
{/each}

Please see to it that it is completed. Everybody can sign in here: {academy}

Kind regards`,
    late: (n) => (n === 0 ? "overdue since today" : `${count(n, "day")} overdue`),
    left: (n) => (n === 0 ? "due today" : `${count(n, "day")} left`),
  },
  de: {
    locale: "de-DE",
    template: `Subject: Offene Schulungen in Ihrem Team
Guten Tag {manager},

folgende Schulungen in Ihrem Team sind am {today} noch nicht abgeschlossen ({people}, {count}):

{#each}
- {name}: {course}, fällig am {deadline} ({when})
{/each}

Bitte sorgen Sie dafür, dass sie abgeschlossen werden. Anmelden kann man sich hier: {academy}

Mit freundlichen Grüßen`,
    late: (n) =>
      n === 1 ? "seit 1 Tag überfällig" : n === 0 ? "seit heute überfällig" : `seit ${n} Tagen überfällig`,
    left: (n) => (n === 1 ? "noch 1 Tag" : n === 0 ? "heute fällig" : `noch ${n} Tage`),
  },
  fr: {
    locale: "fr-FR",
    template: `Subject: Formations en attente dans votre équipe
Bonjour {manager},

au {today}, les formations suivantes de votre équipe ne sont pas terminées ({people}, {count}) :

{#each}
- {name} : {course}, à terminer pour le {deadline} ({when})
{/each}

Merci de veiller à ce qu’elles soient terminées. La connexion se fait ici : {academy}

Cordialement`,
    late: (n) => (n === 0 ? "en retard depuis aujourd’hui" : `${n} jour${n === 1 ? "" : "s"} de retard`),
    left: (n) => (n === 0 ? "à terminer aujourd’hui" : n === 1 ? "encore 1 jour" : `encore ${n} jours`),
  },
  es: {
    locale: "es-ES",
    template: `Subject: Formación pendiente en su equipo
Hola, {manager}:

A fecha de {today}, las siguientes formaciones de su equipo no se han completado ({people}, {count}):

{#each}
- {name}: {course}, fecha límite: {deadline} ({when})
{/each}

Le rogamos que se asegure de que se completen. Se puede iniciar sesión aquí: {academy}

Un saludo`,
    late: (n) => (n === 0 ? "vencida hoy" : `${n} día${n === 1 ? "" : "s"} de retraso`),
    left: (n) => (n === 0 ? "vence hoy" : n === 1 ? "queda 1 día" : `quedan ${n} días`),
  },
  it: {
    locale: "it-IT",
    template: `Subject: Formazione ancora da completare nel suo team
Buongiorno {manager},

alla data del {today} i seguenti corsi del suo team non risultano completati ({people}, {count}):

{#each}
- {name}: {course}, scadenza: {deadline} ({when})
{/each}

La preghiamo di assicurarsi che vengano completati. Si può accedere qui: {academy}

Cordiali saluti`,
    late: (n) =>
      n === 0 ? "in ritardo da oggi" : n === 1 ? "1 giorno di ritardo" : `${n} giorni di ritardo`,
    left: (n) => (n === 0 ? "scade oggi" : n === 1 ? "manca 1 giorno" : `mancano ${n} giorni`),
  },
  pt: {
    locale: "pt-PT",
    template: `Subject: Formação por concluir na sua equipa
Olá {manager},

em {today}, as seguintes formações da sua equipa ainda não estão concluídas ({people}, {count}):

{#each}
- {name}: {course}, prazo: {deadline} ({when})
{/each}

Agradecemos que assegure a sua conclusão. Pode iniciar-se sessão aqui: {academy}

Com os melhores cumprimentos`,
    late: (n) => (n === 0 ? "em atraso desde hoje" : `${n} dia${n === 1 ? "" : "s"} de atraso`),
    left: (n) => (n === 0 ? "termina hoje" : n === 1 ? "falta 1 dia" : `faltam ${n} dias`),
  },
  nl: {
    locale: "nl-NL",
    template: `Subject: Openstaande trainingen in uw team
Beste {manager},

op {today} zijn de volgende trainingen in uw team nog niet afgerond ({people}, {count}):

{#each}
- {name}: {course}, uiterlijk {deadline} ({when})
{/each}

Wilt u ervoor zorgen dat ze worden afgerond? Inloggen kan hier: {academy}

Met vriendelijke groet`,
    late: (n) => (n === 0 ? "sinds vandaag te laat" : n === 1 ? "1 dag te laat" : `${n} dagen te laat`),
    left: (n) => (n === 0 ? "vandaag" : n === 1 ? "nog 1 dag" : `nog ${n} dagen`),
  },
};

/** {count} and {people}: how many, in words of the language. */
export const counted: Readonly<Record<Language, { readonly people: Words; readonly trainings: Words }>> = {
  en: { people: ["person", "people"], trainings: ["training", "trainings"] },
  de: { people: ["Person", "Personen"], trainings: ["Schulung", "Schulungen"] },
  fr: { people: ["personne", "personnes"], trainings: ["formation", "formations"] },
  es: { people: ["persona", "personas"], trainings: ["formación", "formaciones"] },
  it: { people: ["persona", "persone"], trainings: ["corso", "corsi"] },
  pt: { people: ["pessoa", "pessoas"], trainings: ["formação", "formações"] },
  nl: { people: ["persoon", "personen"], trainings: ["training", "trainingen"] },
};
type Words = readonly [one: string, many: string];

const names: Readonly<Record<string, Language>> = {
  english: "en",
  german: "de",
  deutsch: "de",
  french: "fr",
  français: "fr",
  spanish: "es",
  español: "es",
  italian: "it",
  italiano: "it",
  portuguese: "pt",
  português: "pt",
  dutch: "nl",
  nederlands: "nl",
};

/** `de`, `de-AT`, `German`; undefined: none of the seven. */
export function languageNamed(text: unknown): Language | undefined {
  if (typeof text !== "string") return undefined;
  const word = text.trim().toLowerCase();
  const code = /^([a-z]{2})(?:[-_][a-z0-9]{2,8})*$/.exec(word)?.[1];
  return languages.find((one) => one === code) ?? names[word];
}

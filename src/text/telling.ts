/**
 * Words in the name of a parameter that no source documents which speak of an end, of a result, or of being shown
 * or hidden: what such a parameter does to somebody cannot be known, so its owner is asked (docs/safety.md).
 */
const telling =
  /^(end|ends|ended|ending|expir\w*|until|till|thru|through|to|before|stop\w*|clos\w*|inaccess\w*|access\w*|leav\w*|left|term|terminat\w*|cancel\w*|revok\w*|expel\w*|retir\w*|disab\w*|enab\w*|inactiv\w*|ban|banned|freez\w*|frozen|pause\w*|clear\w*|reset\w*|eras\w*|purg\w*|wip\w*|drop\w*|unenrol\w*|unassign\w*|unregister\w*|withdraw\w*|detach\w*|exclud\w*|hid\w*|visib\w*|publish\w*|unpublish\w*|private|sell\w*|price|valid\w*|deadline\w*|due|overdue|complet\w*|finish\w*|pass|passed|fail\w*|score\w*|grade\w*|mark\w*|percent\w*|progress\w*|point\w*|credit\w*|balance|attempt\w*|retak\w*|result\w*|viewed|attend\w*|absen\w*|capacity|seats?|exit\w*|quit|off|hold|held|suspens\w*|kick\w*|trash\w*|gone|final|depart(ed|ing|ure|s)?|separat\w*|dismiss\w*|resign\w*|discharg\w*|unsubscri\w*|unlist\w*|avail\w*|unavail\w*|limit\w*|quota|max|maximum)$/;

/** The same, run together: “enddate”, “lastday”. */
const runTogether = /(end|last|final|due|exp|exit|quit|off)s?(date|day|time|on|at)$/;
/** Days on which something ended for nobody. */
const harmlessDay =
  /^(birth\w*|born|dob|hir(e|ed|ing)|join\w*|creat\w*|since|anniversar\w*|sign\w*|issu\w*|update\w*|registered|enroll?ed|invited|taken)$/;
/** Before such a day nobody gets in. */
const beginning = /^(start\w*|begin\w*|began|commenc\w*|open\w*|from|activ\w*|launch\w*|release\w*)$/;
export const isBeginning = (name: string): boolean => name.split("_").some((word) => beginning.test(word));

/** A day or an instant in digits or English, and nothing else. */
const aDay =
  /^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ][\d:.]{4,12}\s?(Z|[+-]\d\d:?\d\d)?)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}|\d{1,2}\.? [A-Za-z]{3,9} \d{4})$/;

/** `now`: a beginning that is past keeps nobody out. */
export function isTelling(name: string, value: string, now: number): boolean {
  const words = name.split("_");
  if (words.some((word) => telling.test(word)) || /last_(day|date|work)/.test(name) || runTogether.test(name))
    return true;
  if (!aDay.test(value.trim())) return false;
  // Whatever else a day is of, it may be an end.
  if (isBeginning(name)) return !(Date.parse(value) <= now);
  return !words.some((word) => harmlessDay.test(word)) && !/^(birth|hire|join)/.test(name);
}

/** Of a telling parameter, whether more of it is more: a number that does not fall loses nothing. */
const measured = /(^|_)(score|grade|mark|percent|progress|point|credit|balance|viewed|capacity|seat)/;
export const isMeasured = (name: string): boolean => measured.test(name);

/** Of a registration's status: whoever has it holds no seat. */
export const givesUp = /cancel|declin|remov|withdr|drop|reject|delet|unregist|waitlist|waiting/;

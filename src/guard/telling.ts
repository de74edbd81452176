/**
 * Words in the name of a parameter that no source documents which speak of an end, of a result, or of being shown
 * or hidden: what such a parameter does to somebody cannot be known, so its owner is asked (docs/safety.md).
 */
const telling =
  /^(end|ends|ended|ending|expir\w*|until|till|till|thru|through|to|before|stop\w*|clos\w*|inaccess\w*|access\w*|leav\w*|left|term|terminat\w*|cancel\w*|revok\w*|expel\w*|retir\w*|disab\w*|enab\w*|inactiv\w*|ban|banned|freez\w*|frozen|pause\w*|clear\w*|reset\w*|eras\w*|purg\w*|wip\w*|drop\w*|unenrol\w*|unassign\w*|unregister\w*|withdraw\w*|detach\w*|exclud\w*|hid\w*|visib\w*|publish\w*|unpublish\w*|private|sell\w*|price|valid\w*|deadline\w*|due|overdue|complet\w*|finish\w*|pass|passed|fail\w*|score\w*|grade\w*|mark\w*|percent\w*|progress\w*|point\w*|credit\w*|balance|attempt\w*|retak\w*|result\w*|viewed|attend\w*|absen\w*|capacity|seats?)$/;

export const isTelling = (name: string): boolean =>
  /last_(day|date|work)/.test(name) || name.split("_").some((word) => telling.test(word));

/** Of a telling parameter, whether more of it is more: a number that does not fall loses nothing. */
const measured = /(^|_)(score|grade|mark|percent|progress|point|credit|balance|viewed|capacity|seat)/;
export const isMeasured = (name: string): boolean => measured.test(name);

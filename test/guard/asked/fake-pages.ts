import type { Pages } from "../../../src/guard/channels/approval-channels.ts";
import type { Answer, Question } from "../../../src/guard/question/question.ts";

export interface FakePage {
  readonly question: Question;
  readonly url: string;
  closed: boolean;
  /** The page's answer, as whoever sits before it gives it. */
  say(answer: Answer): void;
}

export const approval = ({ phrase }: Question): Answer =>
  phrase === undefined ? { said: "yes" } : { said: "yes", typed: phrase };

/** Pages that are answered when the test says so. `opened`: a browser shows them. */
export function createFakePages({ opened = false } = {}) {
  const put: FakePage[] = [];
  const pages: Pages = {
    async put(question, { quietly = false }) {
      let say = (_: Answer) => {};
      const answer = new Promise<Answer>((resolve) => {
        say = resolve;
      });
      const page: FakePage = { question, url: `http://127.0.0.1:9/${put.length}`, closed: false, say };
      put.push(page);
      const close = () => {
        page.closed = true;
        say({ said: "cancelled" });
      };
      return { url: page.url, opened: opened && !quietly, answer, close };
    },
  };
  const last = () => {
    const page = put.at(-1);
    if (page === undefined) throw new Error("no page was put");
    return page;
  };
  return { pages, put, last };
}

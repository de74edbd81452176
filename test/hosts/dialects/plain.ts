import { type Dialect, listIn } from "./dialect.ts";

/** Our own, for clients without a model: all replies so far in, the next call out. */
export const plain: Dialect = {
  takes: (path) => path === "/next",
  read: ({ tools, replies }) => ({
    tools: listIn(tools).map(String),
    replies: listIn(replies).map(({ text, error }) => ({
      id: undefined,
      text: String(text),
      error: error === true,
    })),
  }),
  write: (answer) => ({ whole: answer }),
};

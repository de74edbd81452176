import { render } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Board, BoardTable, DrillDown } from "../board.ts";
import { BoardView } from "../parts/board-view.tsx";
import { writerFor } from "../written.ts";
import { isRead, withNext } from "./asked.ts";
import { connectHost, type Host } from "./host.ts";
import { wear } from "./host-theme.ts";
import { LoadedTable } from "./loaded-table.tsx";
import { isKeptFile, type PagedFile, tableIn, withPage } from "./paged-file.ts";
import { type SeenReply, seenIn } from "./read-result.ts";

/** What is looked at; what was clicked for it; and of a file, how far it was read. */
type View = SeenReply & { readonly from?: Element | null; readonly file?: PagedFile };
type BoardShown = View & { readonly is: "board" };

/** Where something was asked for: a table by its place, or what stands above them. */
type Place = number | "above";
interface Asking {
  readonly at: Place;
  readonly failed?: true;
}

/**
 * What a host shows of a reply: its board, or its text where no board came. Clicks lead to reads of ours, one over the
 * other; nothing here changes an academy, and nothing answers a question that was put to a person.
 */
function App() {
  const [views, setViews] = useState<readonly View[]>([]);
  const [asking, setAsking] = useState<Asking>();
  const host = useRef<Host | undefined>(undefined);
  /** What was asked before this counts for nothing any more. */
  const turn = useRef(0);
  const focusBack = useRef<Element | null | undefined>(undefined);

  const show = (next: readonly View[]) => {
    turn.current += 1;
    setAsking(undefined);
    setViews(next);
  };

  useLayoutEffect(() => {
    const root = document.documentElement;
    const connected = connectHost({
      context: (context) => wear(context, root),
      result(result) {
        const seen = seenIn(result);
        if (seen !== undefined) show([seen]);
      },
    });
    host.current = connected;
    const measured = new ResizeObserver(() => {
      connected.resized(Math.ceil(root.getBoundingClientRect().height));
    });
    measured.observe(root);
  }, []);

  const top = views.at(-1);
  useLayoutEffect(() => {
    const root = document.documentElement;
    const { words = "en", direction = "ltr" } = top?.is === "board" ? top.board.locale : {};
    root.lang = words;
    root.dir = direction;
  }, [top]);
  // Whoever went in with a key is where a key brings them back, and the other way round.
  useLayoutEffect(() => {
    const from = focusBack.current;
    focusBack.current = undefined;
    if (from instanceof HTMLElement || from instanceof SVGElement) from.focus();
    else if (views.length > 1) document.querySelector<HTMLElement>("[data-now] .back")?.focus();
  }, [views.length]);

  async function ask(at: Place, work: (host: Host) => Promise<readonly View[]>) {
    if (host.current === undefined) return;
    const own = ++turn.current;
    setAsking({ at });
    try {
      const next = await work(host.current);
      if (own === turn.current) show(next);
    } catch {
      if (own === turn.current) setAsking({ at, failed: true });
    }
  }

  const drill = (to: DrillDown) => {
    const from = document.activeElement;
    return ask("above", async (by) => [...views, { ...(await called(by, to)), from }]);
  };

  const more = (at: number, table: BoardTable) =>
    ask(at, async (by) => {
      if (top?.is !== "board") return views;
      if (top.file?.next !== undefined) {
        const view = await read(by, { file: top.file, board: top.board, table });
        return [...views.slice(0, -1), { ...top, ...view }];
      }
      if (table.next === undefined) return views;
      const seen = await called(by, table.next);
      // Where a host handed on no board, the rows are in the text.
      if (seen.is === "text") return [...views, seen];
      const following = seen.board.tables.find(({ title }) => title === table.title);
      if (following === undefined) return [...views, seen];
      const tables = top.board.tables.with(at, withNext(table, following));
      return [...views.slice(0, -1), { ...top, board: { ...top.board, tables } }];
    });

  const open = (at: number, table: BoardTable) => {
    const from = document.activeElement;
    return ask(at, async (by) => {
      if (top?.is !== "board" || table.resource === undefined) return views;
      const file = { text: "", next: table.resource };
      return [...views, { ...(await read(by, { file, board: top.board, table })), from }];
    });
  };

  const back = () => {
    focusBack.current = top?.from;
    show(views.slice(0, -1));
  };

  const words = views.find((one) => one.is === "board")?.board.words;
  if (views.length === 0)
    return (
      <main>
        <h1 class="hidden-words">SkyPrep</h1>
      </main>
    );
  return views.map((view, n) => {
    const isTop = n === views.length - 1;
    const status = isTop ? asking : undefined;
    return (
      <div key={n} hidden={!isTop} data-now={isTop || undefined}>
        {n > 0 && (
          <button type="button" class="step back" onClick={back}>
            {words?.back}
          </button>
        )}
        {view.is === "text" ? (
          <main>
            <h1 class="hidden-words">SkyPrep</h1>
            <pre class="reply" dir="auto">
              {view.text}
            </pre>
          </main>
        ) : (
          <Shown {...{ view, drill, more, open, status }} />
        )}
      </div>
    );
  });
}

function Shown({
  view: { board, file },
  drill,
  more,
  open,
  status,
}: {
  readonly view: BoardShown;
  readonly drill: (to: DrillDown) => void;
  readonly more: (at: number, table: BoardTable) => void;
  readonly open: (at: number, table: BoardTable) => void;
  readonly status: Asking | undefined;
}) {
  const { locale, words, tables } = board;
  const writer = useMemo(() => writerFor(locale), [locale]);
  const said = (at: Place) => (
    <p class="said" role="status">
      {status?.at === at ? (status.failed ? words.failed : words.loading) : ""}
    </p>
  );
  return (
    <>
      {said("above")}
      <BoardView
        {...{ board, writer }}
        onDrill={drill}
        table={(table) => {
          const at = tables.indexOf(table);
          return (
            <>
              <LoadedTable {...{ table, words, writer }} language={locale.language} />
              <div class="steps">
                {(table.next ?? file?.next) !== undefined && (
                  <button type="button" class="step" onClick={() => more(at, table)}>
                    {words.moreRows}
                  </button>
                )}
                {table.resource !== undefined && (
                  <button type="button" class="step" onClick={() => open(at, table)}>
                    {words.openPlan}
                  </button>
                )}
                {said(at)}
              </div>
            </>
          );
        }}
      />
    </>
  );
}

/** @throws where the click would do anything but read, or the host refuses, or nothing came */
async function called(host: Host, drill: DrillDown): Promise<SeenReply> {
  if (!isRead(drill)) throw new Error("no read");
  const seen = seenIn(await host.request("tools/call", { name: drill.tool, arguments: drill.arguments }));
  if (seen === undefined) throw new Error("nothing came");
  return seen;
}

/** The next page of a file, with what was read of it before. @throws where it is no file of ours, or none that can be read */
async function read(
  host: Host,
  {
    file: { text, next: uri = "" },
    board,
    table,
  }: { readonly file: PagedFile; readonly board: Board; readonly table: BoardTable },
): Promise<BoardShown> {
  if (!isKeptFile(uri)) throw new Error("no kept file");
  const file = withPage(await host.request("resources/read", { uri }), text);
  const whole = file && tableIn(file, table);
  if (file === undefined || whole === undefined) throw new Error("no table");
  return { is: "board", board: asFile(board, whole), file };
}

/** A table alone, under what its board is called and what nobody may take it for. */
const asFile = (board: Board, table: BoardTable): Board => ({
  ...board,
  numbers: [],
  charts: [],
  tables: [table],
  texts: [],
  notes: [],
});

const root = document.getElementById("app");
if (root) render(<App />, root);

import type { Board, BoardTable } from "../board.ts";
import type { Writer } from "../written.ts";
import { Charts } from "./charts.tsx";
import { Headline } from "./headline.tsx";

/** A whole view, but for what can be done with its tables: a page and a chat do that each in its own way. */
export function BoardView({
  board,
  writer,
  onDrill,
  table,
}: {
  readonly board: Board;
  readonly writer: Writer;
  readonly onDrill?: Parameters<typeof Charts>[0]["onDrill"];
  readonly table: (table: BoardTable) => preact.ComponentChildren;
}) {
  const { title, about, aboutIn, asOf, notDone, time, pretend, numbers, charts, tables, texts } = board;
  const { notes, words, locale } = board;
  return (
    <main>
      {pretend !== undefined && <p class="pretend">{pretend}</p>}
      <h1>
        <bdi>{title}</bdi>
      </h1>
      <p class="about">
        <bdi lang={aboutIn} dir={aboutIn === undefined ? locale.direction : "ltr"}>
          {about}
        </bdi>
        {asOf !== undefined && <> · {asOf}</>}
      </p>
      {time !== undefined && <p class="time">{time}</p>}
      {notDone !== undefined && <p class="not-done">{notDone}</p>}
      <Headline {...{ numbers, writer }} />
      <Charts {...{ charts, writer, words, onDrill }} direction={locale.direction} />
      {tables.map((one) => (
        <section key={one.title}>
          <h2>{one.title}</h2>
          {table(one)}
        </section>
      ))}
      {texts.length > 0 && (
        <section class="texts">
          {texts.map(({ heading, text }) => (
            <article key={heading}>
              <h3>
                <bdi>{heading}</bdi>
              </h3>
              <pre dir="auto">{text}</pre>
            </article>
          ))}
        </section>
      )}
      {notes.length > 0 && (
        <ul class="notes" lang="en" dir="ltr">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </main>
  );
}

import { scaleBand, scaleLinear } from "d3-scale";
import { Fragment } from "preact";
import { type Bar, type Chart, type Controls, type DrillDown, filled } from "../board.ts";
import type { Writer } from "../written.ts";

interface Around {
  readonly writer: Writer;
  readonly words: Controls;
  readonly direction: "ltr" | "rtl";
  /** Left out: nothing can be clicked. */
  readonly onDrill?: ((drill: DrillDown) => void) | undefined;
}

/** All charts of a view. Each number in them stands beside its bar, and in the table below. */
export function Charts({ charts, ...around }: Around & { readonly charts: readonly Chart[] }) {
  if (charts.length === 0) return null;
  return (
    <div class="charts">
      {charts.map((chart) => (
        <figure key={chart.title} data-tone={chart.tone}>
          <figcaption>
            <h2>{chart.title}</h2>
          </figcaption>
          {chart.is === "bars" ? <Bars chart={chart} {...around} /> : <Columns chart={chart} {...around} />}
          {chart.more > 0 && (
            <p class="more">{filled(around.words.more, { n: around.writer.number(chart.more) })}</p>
          )}
        </figure>
      ))}
    </div>
  );
}

const written = ({ unit }: Chart, value: number, writer: Writer) =>
  unit === "percent" ? writer.percent(value) : writer.number(value);

function Bars({ chart, writer, onDrill }: Around & { readonly chart: Chart }) {
  const most = chart.unit === "percent" ? 100 : Math.max(1, ...chart.bars.map(({ value }) => value));
  const width = scaleLinear([0, most], [0, 100]).clamp(true);
  return (
    <ol class="bars">
      {chart.bars.map((bar) => (
        <li key={bar.label}>
          <Clickable drill={bar.drill} onDrill={onDrill}>
            <span class="words">
              <span title={bar.label} dir="auto">
                <bdi>{bar.label}</bdi>
              </span>
              <b>{written(chart, bar.value, writer)}</b>
            </span>
            <svg aria-hidden="true" focusable="false">
              <rect class="track" width="100%" height="100%" rx="3" />
              {bar.value > 0 && <rect class="fill" width={`${width(bar.value)}%`} height="100%" rx="3" />}
            </svg>
          </Clickable>
        </li>
      ))}
    </ol>
  );
}

function Clickable({
  drill,
  onDrill,
  children,
}: {
  readonly drill: DrillDown | undefined;
  readonly onDrill: Around["onDrill"];
  readonly children: preact.ComponentChildren;
}) {
  if (drill === undefined || onDrill === undefined) return <span class="bar">{children}</span>;
  return (
    <button type="button" class="bar" onClick={() => onDrill(drill)}>
      {children}
    </button>
  );
}

/** In pixels, of a plot that is as wide as there is room. */
const plot = { top: 22, bottom: 208, height: 240 } as const;

function Columns({ chart, writer, direction, onDrill }: Around & { readonly chart: Chart }) {
  const labels = chart.bars.map(({ label }) => label);
  const most = Math.max(1, ...chart.bars.map(({ value }) => value));
  // As they are read: the first where a line begins.
  const x = scaleBand(labels, direction === "rtl" ? [94, 0] : [6, 100]).padding(0.25);
  const y = scaleLinear([0, most], [plot.bottom, plot.top]).nice(4);
  const middle = (label: string) => `${(x(label) ?? 0) + x.bandwidth() / 2}%`;
  const whole = y.ticks(4).filter((one) => Number.isInteger(one));
  // Its year only where one begins: there is no room for more on a phone.
  const labelOf = (at: number): readonly string[] => {
    const { label = "" } = chart.bars[at] ?? {};
    const lines = writer.monthAndYear(label);
    const isNext = chart.bars[at + 1]?.label.endsWith("-01") === true;
    return label.endsWith("-01") || (at === 0 && !isNext) ? lines : lines.slice(0, 1);
  };
  const told = chart.bars.map((bar) => `${writer.month(bar.label)}: ${written(chart, bar.value, writer)}`);
  return (
    <svg class="columns" role={onDrill ? "group" : "img"} aria-label={`${chart.title}. ${told.join("; ")}`}>
      {whole.map((tick) => (
        <g key={tick}>
          <line x1="0" x2="100%" y1={y(tick)} y2={y(tick)} />
          <text x={direction === "rtl" ? "100%" : "0"} y={y(tick) - 4} text-anchor="start">
            {writer.number(tick)}
          </text>
        </g>
      ))}
      {chart.bars.map((bar, at) => (
        <Column
          key={bar.label}
          {...{ bar, onDrill }}
          said={[...labelOf(at), written(chart, bar.value, writer)].join(" ")}
        >
          <rect
            class="fill"
            x={`${x(bar.label) ?? 0}%`}
            width={`${x.bandwidth()}%`}
            y={y(bar.value)}
            height={plot.bottom - y(bar.value)}
            rx="2"
          />
          {/* In the order it is said in: what is seen of a button has to stand in its name. */}
          <MonthLabel x={middle(bar.label)} lines={labelOf(at)} />
          <text class="value" x={middle(bar.label)} y={y(bar.value) - 5} text-anchor="middle">
            {written(chart, bar.value, writer)}
          </text>
        </Column>
      ))}
    </svg>
  );
}

function MonthLabel({ x, lines }: { readonly x: string; readonly lines: readonly string[] }) {
  return (
    <>
      {lines.map((line, n) => (
        <Fragment key={line}>
          <text class="month" x={x} y={plot.bottom + 16 + 14 * n} text-anchor="middle">
            {line}
          </text>{" "}
        </Fragment>
      ))}
    </>
  );
}

function Column({
  bar: { drill },
  said,
  onDrill,
  children,
}: {
  readonly bar: Bar;
  readonly said: string;
  readonly onDrill: Around["onDrill"];
  readonly children: preact.ComponentChildren;
}) {
  if (drill === undefined || onDrill === undefined) return <g>{children}</g>;
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button.
    <g
      role="button"
      tabIndex={0}
      aria-label={said}
      onClick={() => onDrill(drill)}
      onKeyDown={(event: { readonly key: string; preventDefault(): void }) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onDrill(drill);
      }}
    >
      {children}
    </g>
  );
}

import type { HeadlineNumber } from "../board.ts";
import type { Writer } from "../written.ts";

/** The numbers that matter, large. */
export function Headline({
  numbers,
  writer,
}: {
  readonly numbers: readonly HeadlineNumber[];
  readonly writer: Writer;
}) {
  if (numbers.length === 0) return null;
  return (
    <dl class="numbers">
      {numbers.map(({ label, value, unit, tone }) => (
        // A zero is no alarm.
        <div key={label} data-tone={value === 0 ? undefined : tone}>
          <dt>{label}</dt>
          <dd>{unit === "percent" ? writer.percent(value) : writer.number(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

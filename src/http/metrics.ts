type Labels = Readonly<Record<string, string>>;

interface Metric {
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
}

/** Seconds; what a call of SkyPrep takes, and what a call that waits for its turn does. */
const buckets = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

interface Counted {
  readonly counts: number[];
  sum: number;
}

/** Prometheus' text format. Labels come from closed lists: who adds one sees to that. */
export function createMetrics(described: Readonly<Record<string, Metric>>) {
  const numbers = new Map<string, Map<string, number>>();
  const histograms = new Map<string, Map<string, Counted>>();

  function of<T>(all: Map<string, Map<string, T>>, name: string): Map<string, T> {
    const found = all.get(name) ?? new Map<string, T>();
    all.set(name, found);
    return found;
  }

  return {
    add(name: string, labels: Labels = {}, by = 1): void {
      const key = textOf(labels);
      of(numbers, name).set(key, (numbers.get(name)?.get(key) ?? 0) + by);
    },
    /** Seconds. */
    observe(name: string, labels: Labels, value: number): void {
      const all = of(histograms, name);
      const key = textOf(labels);
      const one = all.get(key) ?? { counts: Array.from({ length: buckets.length + 1 }, () => 0), sum: 0 };
      all.set(key, one);
      const at = buckets.findIndex((most) => value <= most);
      const bucket = at === -1 ? buckets.length : at;
      one.counts[bucket] = (one.counts[bucket] ?? 0) + 1;
      one.sum += value;
    },
    text: (): string =>
      Object.entries(described)
        .flatMap(([name, { help, type }]) => [
          `# HELP ${name} ${help}`,
          `# TYPE ${name} ${type}`,
          ...[...(numbers.get(name) ?? [])].map(([key, value]) => `${name}${braced(key)} ${value}`),
          ...[...(histograms.get(name) ?? [])].flatMap(([key, one]) => linesOf(name, key, one)),
        ])
        .join("\n")
        .concat("\n"),
  };
}
export type Metrics = ReturnType<typeof createMetrics>;

const braced = (key: string): string => (key === "" ? "" : `{${key}}`);

function linesOf(name: string, key: string, { counts, sum }: Counted): string[] {
  const own = key === "" ? "" : `${key},`;
  let total = 0;
  const lines = counts.map((count, at) => {
    total += count;
    return `${name}_bucket{${own}le="${buckets[at] ?? "+Inf"}"} ${total}`;
  });
  return [...lines, `${name}_sum${braced(key)} ${sum}`, `${name}_count${braced(key)} ${total}`];
}

const textOf = (labels: Labels): string =>
  Object.entries(labels)
    .map(
      ([name, value]) =>
        `${name}="${value.replace(/[\\"\n]/g, (one) => (one === "\n" ? "\\n" : `\\${one}`))}"`,
    )
    .join(",");

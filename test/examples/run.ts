import { createNight, type KilledAt, killedNight } from "./night.ts";

/**
 * `npm run nights [-- PEOPLE…]`: the nightly example on 302 and on 5,000 people, killed at every step (of the larger at
 * every seventh) and started again.
 */
const print = (line: string) => void process.stdout.write(`${line}\n`);
const asked = process.argv.slice(2).map(Number);
const sizes = [
  { people: 302, listed: 60, each: 1 },
  { people: 5000, listed: 1200, each: 7 },
].filter(({ people }) => asked.length === 0 || asked.includes(people));
let wrong = 0;

async function whole(people: number): Promise<void> {
  const { night, missing, done, stillOut, end } = await createNight({ people, listed: people });
  const first = await night();
  const again = await night();
  const another = await night({ run: "night-after" });
  const isRight = JSON.stringify(done()) === JSON.stringify(missing) && stillOut().length === 0;
  const isQuiet = again.requests === 0 && [first, again, another].every(({ exit }) => exit === 3);
  if (!isRight || !isQuiet) wrong += 1;
  print(
    `${people} people: ${isRight && isQuiet ? "right" : "WRONG"}, ${done().length} enrolled by ${first.requests} requests`,
  );
  await end();
}

/** Every place where a night of this size can be killed. */
async function placesOf(size: { people: number; listed: number }): Promise<KilledAt[]> {
  const { night, end } = await createNight(size);
  const { requests } = await night();
  await end();
  const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);
  return [
    ...upTo(requests).flatMap((request) =>
      (["before", "after", "alone"] as const).map((when) => ({ request, when })),
    ),
    // More than it writes: at the last no night is killed, and all end well.
    ...upTo(40).flatMap((file) => (["before", "after"] as const).map((when) => ({ file, when }))),
  ];
}

for (const { each, ...size } of sizes) {
  await whole(size.people);
  const places = (await placesOf(size)).filter((_, n) => n % each === 0);
  let [killed, over] = [0, 0];
  const work = async () => {
    for (let place = places.shift(); place !== undefined; place = places.shift()) {
      const night = await killedNight(size, place);
      over += 1;
      if (night.killed) killed += 1;
      if (night.faults.length > 0) wrong += 1;
      for (const fault of night.faults) print(`${JSON.stringify(place)}: ${fault}`);
      if (over % 10 === 0) print(`${size.people} people: ${over} nights, ${killed} of them killed`);
    }
  };
  await Promise.all([work(), work()]);
  print(`${size.people} people: ${over} nights, ${killed} of them killed`);
}
print(wrong === 0 ? "every night came to the same" : `${wrong} nights did not`);
process.exit(wrong === 0 ? 0 : 1);

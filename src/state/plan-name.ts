import { createHash } from "node:crypto";

const trees =
  `alder apple ash aspen bamboo beech birch cedar cherry cypress elder elm fig fir ginkgo hazel holly ivy
  juniper larch laurel lemon lime linden maple myrtle oak olive palm peach pear pine plane plum poplar quince rowan
  spruce teak walnut willow yew`.split(/\s+/);

export const planNamePattern = /^[a-z]{3,12}-\d{2,5}$/;

/** @param tries in which the name was taken: after some, they get longer */
export function planName(random: string, tries: number): string {
  const hash = createHash("sha256").update(random).digest();
  const tree = trees[hash.readUInt16BE(0) % trees.length] ?? "oak";
  const [least, span] = tries < 20 ? [10, 90] : [100, 9_900];
  return `${tree}-${least + (hash.readUInt16BE(2) % span)}`;
}

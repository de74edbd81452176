import { expect, it } from "vitest";
import { fullName } from "../../src/text/full-name.ts";

it.each([
  ["Avery Learner", "Avery", "Learner"],
  ["Learner, Avery", "Avery", "Learner"],
  ["山田 太郎", "太郎", "山田"],
  ["김 민준", "민준", "김"],
  ["LEARNER Avery", "Avery", "LEARNER"],
  ["Ludwig van Beethoven", "Ludwig", "van Beethoven"],
  ["García López, María José", "María José", "García López"],
])("“%s” has its two parts", (text, first, last) => {
  expect(fullName(text)).toEqual({ first, last });
});

it.each(["Li Wei", "Nguyễn Văn An", "Suharto", "María José García López", "Mary Ann Smith", "山田太郎", ""])(
  "“%s” is in doubt, and asked about",
  (text) => {
    expect(fullName(text)).toBeUndefined();
  },
);

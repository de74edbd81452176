import { expect, it } from "vitest";
import { wordsIn } from "./words-in.ts";

it("finds names where they are said, and not in what is random", () => {
  const words = ["mia", "110"];

  expect(wordsIn('{"who":"Mia","id":110}', words)).toEqual(["mia", "110"]);
  expect(wordsIn("mia@example.com was here", words)).toEqual(["mia"]);
  expect(wordsIn("(mia), user_id=110.", words)).toEqual(["mia", "110"]);
  expect(wordsIn('"id":"kJoIVIvAwmianR9M","seal":"-110_x"', words)).toEqual([]);
});

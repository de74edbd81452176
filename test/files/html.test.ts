import { describe, expect, it } from "vitest";
import { plainText } from "../../src/reply/html.ts";

describe("HTML as plain text", () => {
  it.each([
    ["<p>Lift <b>w</b>ith care.</p><p>Always.</p>", "Lift with care.\nAlways."],
    ["one<br>two<BR/>three", "one\ntwo\nthree"],
    ["<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "- a\n- b"],
    ["<tr><td>a</td><td>b</td></tr>", "a b"],
    ["R&amp;D &#39;x&#39;&nbsp;&lt;b&gt;", "R&D 'x' <b>"],
    ["<p\nclass='a>b' title=\"<i>\">text</p>", "text"],
    ["a<script>steal('</p>')</script>b<style>p{}</style>c", "abc"],
    ["seen<!-- hidden --> too", "seen too"],
    ["seen<script>never closed", "seen"],
    ["seen<!-- never closed", "seen"],
    ["<o:p>Word</o:p> text", "Word text"],
  ])("reads %j", (html, text) => {
    expect(plainText(html)).toBe(text);
  });

  it.each([
    "a < b and c > d",
    "Avery <avery@example.com>",
    "write <your name> here",
    "x <3",
    "AT&T",
    "?a=1&copy=2",
    "two  spaces\nand a line",
  ])("leaves %j as it is", (text) => {
    expect(plainText(text)).toBe(text);
  });

  it.each(["<script>", "<a '", "<a \"'", "<!--", "<!doctype ", "<p", "<", "&", "<b>", "<style></style"])(
    "is quick on %j a hundred thousand times",
    (part) => {
      const started = performance.now();

      plainText(part.repeat(100_000));

      expect(performance.now() - started).toBeLessThan(2_000);
    },
  );
});

import { describe, expect, it } from "vitest";
import { plainText } from "../../src/reply/records.ts";

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

  const time = (text: string) => {
    const started = performance.now();
    plainText(text);
    return performance.now() - started;
  };

  it.each([
    "<script>",
    "<a '",
    "<a \"'",
    "<!--",
    "<!doctype ",
    "<p",
    "<",
    "&",
    "<b>",
    "<style></style",
    "</script",
  ])("takes no more than its share of time for %j again and again", (part) => {
    // Four times the text: four times the time, where a quadratic reading would take sixteen times.
    const once = Math.max(...[1, 2, 3].map(() => time(`<script>${part.repeat(40_000)}`)), 2);
    const four = Math.min(...[1, 2, 3].map(() => time(`<script>${part.repeat(160_000)}`)));

    expect(four / once).toBeLessThan(11);
  });
});

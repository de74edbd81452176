import { describe, expect, it } from "vitest";
import { htmlPage } from "../../src/pages/html-page.tsx";
import { policyIn } from "../../src/pages/page-policy.ts";
import { boardOfPeople } from "./board-of-people.ts";

describe("what a page lets itself do, as a header says it", () => {
  it("is what stands in it, whatever it is called, and fits a header", () => {
    const board = boardOfPeople(3);
    const hostile = { ...board, title: '"><meta>', about: "</title><script>" };
    for (const page of [htmlPage(board), htmlPage(hostile)]) {
      const policy = policyIn(page);

      expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-\S+'; script-src 'sha256-\S+'; /);
      expect(policy).not.toMatch(/[",\r\n]|unsafe|\*/);
    }
  });

  it("is nothing at all for what is no page of ours, or says so only further below", () => {
    const [head = "", rest = ""] = htmlPage(boardOfPeople(1)).split('<meta charset="utf-8">\n');
    const loose = '<meta http-equiv="content-security-policy" content="script-src *">\n';
    for (const text of [
      "",
      "id,name\n1,A",
      `<p>${loose}`,
      ` ${head}<meta charset="utf-8">\n${rest}`,
      `${head}<title>x</title>\n<meta charset="utf-8">\n${rest}`,
      `${head}<meta charset="utf-8">\n${loose}${rest}`,
    ])
      expect(policyIn(text)).toBe("default-src 'none'");
  });
});

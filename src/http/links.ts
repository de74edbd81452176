import { inputRequired, UrlElicitationRequiredError } from "@modelcontextprotocol/server";
import type { Links } from "../mcp/server.ts";

/** The address of a page that asks, in both eras: where it is opened nothing is agreed to yet. */
export const links: Links = {
  isShown: (capabilities) => capabilities?.elicitation?.url !== undefined,
  said(response) {
    const { action } = (response ?? {}) as { action?: unknown };
    return action === "accept" || action === "decline" ? action : "cancel";
  },
  async put({ question, call, at, address: url = "" }, codec, ctx) {
    // The first line alone: the page asks.
    const first = question.facts[0] ?? "May your assistant do this?";
    const message = `${first} You sign in and answer on a page: nothing is sent before.`;
    if (ctx.mcpReq.envelope === undefined)
      throw new UrlElicitationRequiredError([{ mode: "url", url, message, elicitationId: question.id }]);
    return inputRequired({
      // Some clients fail on an answer that has a state and nothing else.
      inputRequests: { answer: inputRequired.elicitUrl({ url, message }) },
      requestState: await codec.mint({ question: question.id, call, at, page: true }, ctx),
    });
  },
};

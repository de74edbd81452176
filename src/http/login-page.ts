const rules = ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"].join(
  "; ",
);

/** A page of a sentence, ours to the last word: nothing that came with a request stands in it. */
export const plainPage = (status: number, sentence: string, cookies: readonly string[] = []): Response =>
  page(status, `<p>${sentence}</p>`, cookies);

export const signOutPage = (): Response =>
  page(200, '<form method="post" action="/logout"><button>Sign out</button></form>', []);

function page(status: number, content: string, cookies: readonly string[]): Response {
  const headers = new Headers({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": rules,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  });
  for (const one of cookies) headers.append("set-cookie", one);
  return new Response(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>skyprep-mcp</title><main>${content}</main></html>`,
    { status, headers },
  );
}

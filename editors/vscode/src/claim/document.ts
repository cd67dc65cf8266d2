/** The page of the claim panel. It holds no word of a note: those come by message and are set as text. */

export interface Page {
  /** What the panel may load from, `webview.cspSource`. */
  source: string;
  script: string;
  style: string;
  /** Known to this page's own script alone. */
  nonce: string;
}

export function document({ source, script, style, nonce }: Page): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>Claim</title>
</head>
<body>
<main id="claim"></main>
<div id="announcements" class="unseen" role="status" aria-live="polite"></div>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}

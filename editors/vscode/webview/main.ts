/** The page of the claim panel: draws what the extension sends and tells it what is pressed. */

import type { FromPage, ToPage } from '../src/claim/protocol';
import { Page } from './page';

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const vscode = acquireVsCodeApi();
const page = new Page(
  document.getElementById('claim')!,
  document.getElementById('announcements')!,
  message => vscode.postMessage(message),
  // What is kept between two showings of the panel holds nothing of a note.
  { get: () => vscode.getState(), set: state => vscode.setState(state) },
);
window.addEventListener('message', (event: MessageEvent<ToPage>) => page.hear(event.data));
vscode.postMessage({ kind: 'ready' });

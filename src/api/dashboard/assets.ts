import { Router } from 'express';

/* Colours are chosen for a contrast of at least 4.5:1 on their ground, in the light and in the dark. */
const PAGE_CSS = `:root{color-scheme:light dark;--ground:#f6f7f9;--card:#fff;--text:#1b2430;--soft:#55606e;--line:#d5dae1;--accent:#0b5cad;--on-accent:#fff;--bad:#a61b1b;--good:#1c6b35;--warn:#835400}
@media (prefers-color-scheme:dark){:root{--ground:#12161c;--card:#1b212a;--text:#e6eaf0;--soft:#a4afbd;--line:#343d4a;--accent:#7ab8ff;--on-accent:#0b1420;--bad:#ff9b9b;--good:#7fd89a;--warn:#f0c26b}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif}
header{display:flex;gap:.75rem;align-items:center;padding:.75rem 1.25rem;background:var(--card);border-bottom:1px solid var(--line)}
header nav{margin-left:auto}
.brand{display:flex;gap:.5rem;align-items:center;font-weight:650;color:inherit;text-decoration:none}
.badge{border:1px solid var(--line);border-radius:999px;padding:0 .6rem;font-size:.85rem;color:var(--soft)}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
main{max-width:26rem;margin:8vh auto;padding:1.75rem;background:var(--card);border:1px solid var(--line);border-radius:.6rem}
main.wide{max-width:76rem;margin:1.5rem auto;overflow-x:auto}
h1{font-size:1.35rem;margin:0 0 1rem}
h2{font-size:1.1rem;margin:2rem 0 .5rem}
label{display:block;margin:.9rem 0 .25rem;font-weight:550}
input{width:100%;padding:.55rem .65rem;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--soft);border-radius:.35rem}
button{margin-top:1.25rem;padding:.55rem 1.1rem;font:inherit;font-weight:600;color:var(--on-accent);background:var(--accent);border:0;border-radius:.35rem;cursor:pointer}
.notice{padding:.6rem .8rem;border:1px solid var(--good);border-radius:.35rem;color:var(--good)}
.fault{padding:.6rem .8rem;border:1px solid var(--bad);border-radius:.35rem;color:var(--bad)}
table{border-collapse:collapse;width:100%;font-size:.94rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid var(--line)}
th{color:var(--soft);font-weight:600;white-space:nowrap}
td.when{white-space:nowrap;font-variant-numeric:tabular-nums}
code,pre{font:.88rem/1.45 ui-monospace,monospace}
ul.acts{list-style:none;padding:0;margin:0}
pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.2rem;margin:0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
progress{width:100%;accent-color:var(--accent)}
.state{font-weight:650}
.bad{color:var(--bad)}.good{color:var(--good)}.warn{color:var(--warn)}
`;

/*
 * The board shows every operator the same buttons, and has no setting for which. What nobody may use (policy.ts) is
 * known by its icon and hidden here; should the icons change, the buttons come back and are refused as before.
 */
const BOARD_CSS = `button:has(svg:is(.lucide-trash-2,.lucide-pencil,.lucide-files,.lucide-list-x,.lucide-corner-up-left,.lucide-clock,.lucide-arrow-up-down)),
[role=menuitem]:has(svg:is(.lucide-plus,.lucide-chart-no-axes-gantt,.lucide-gauge,.lucide-trash-2,.lucide-ban)),
html:not([data-role=admin]) [role=menuitem]:has(svg:is(.lucide-pause,.lucide-play)){display:none!important}
`;

const LOGO_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b5cad"/><path d="M7 10h18M16 10v15M16 25l-5-5M16 25l5-5" transform="rotate(180 16 16.5)" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

/** The files that pages of ours need, kept in the program so that it finds them wherever it is installed. */
export function createAssets(): Router {
  const router = Router();
  const send = (path: string, type: string, text: string) =>
    router.get(path, (_req, res) => {
      res.set('Cache-Control', 'public, max-age=300').type(type).send(text);
    });
  send('/page.css', 'css', PAGE_CSS);
  send('/board.css', 'css', BOARD_CSS);
  send('/logo.svg', 'svg', LOGO_SVG);
  return router;
}

/** The style sheet of the HTML report, in the colours of the page (web/styles/tokens.css). */

const LIGHT = `--background:#f7f7f4;--panel:#fff;--ink:#191c20;--quiet:#56606b;--line:#dfe2e6;--lane:#c4c9d0;--accent:#0b5cad;--warning:#a94109;--good:#00663f`
const DARK = `--background:#14171b;--panel:#1b1f24;--ink:#eceef1;--quiet:#a9b1bc;--line:#2b3138;--lane:#3c444d;--accent:#6cb4f5;--warning:#f2955f;--good:#5cc794`

export const STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:1.5rem 1rem 4rem;background:var(--background);color:var(--ink);font:15px/1.5 Inter,system-ui,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:1.15rem;line-height:1.3;margin:2.5rem 0 .25rem;padding-top:1rem;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:1.5rem 0 .25rem}
p{margin:.25rem 0;max-width:70ch}
code{font:.9em/1.5 "IBM Plex Mono",ui-monospace,monospace}
a{color:var(--accent)}
.quiet{color:var(--quiet)}
.summary{font-size:1.15rem;font-weight:600;margin:.5rem 0}
.verdict{font-weight:600;white-space:nowrap}
.failed,.flaky,.warning{color:var(--warning)}
.passed{color:var(--good)}
.skipped{color:var(--quiet)}
.tests{border-collapse:collapse;width:100%;margin-top:1.5rem}
.tests th,.tests td{padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
.tests th{white-space:nowrap;font-weight:500;color:var(--quiet);font-size:.85rem}
.reasons{margin:.25rem 0 .75rem;padding-left:1.25rem}
.reasons li:first-child{font-weight:600}
.pictures{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-start}
figure{margin:.5rem 0;padding:.75rem;background:var(--panel);border:1px solid var(--line);border-radius:7px;overflow-x:auto;max-width:100%;flex:0 1 30rem}
figcaption{font-size:.85rem;color:var(--quiet);margin-bottom:.5rem}
figure:has(+figure){position:sticky;top:.5rem}
.picture{display:block;width:100%;height:auto;min-width:300px}
.wide{min-width:640px}
figure:has(.wide){flex-basis:46rem}
details{margin:.5rem 0;border-left:2px solid var(--line);padding-left:.75rem}
summary{cursor:pointer;padding:.35rem 0}
.download{display:inline-block;padding:.35rem 0}
svg text{font-family:Inter,system-ui,sans-serif}
svg .ink{fill:var(--ink)}
svg .quiet{fill:var(--quiet)}
svg .accent{fill:var(--accent);font-weight:600}
svg .warning{fill:var(--warning)}
svg .mark.warning{stroke:var(--warning);stroke-width:2}
svg .mark text{stroke:var(--panel);stroke-width:3;paint-order:stroke;stroke-linejoin:round}
svg .status{fill:var(--quiet);stroke:var(--quiet)}
svg .lane{stroke:var(--lane);stroke-width:2}
svg .failure{stroke:var(--accent);stroke-width:1.5}
svg .missing{fill:none;stroke:var(--warning);stroke-dasharray:4 3}
svg .calm{fill:none;stroke:var(--lane);stroke-dasharray:4 3}
svg .strike{stroke:var(--lane);stroke-width:2}
@media (max-width:62rem){figure:has(+figure){position:static}}
@media (max-width:40rem){
.tests thead{display:none}
.tests tr{display:flex;flex-wrap:wrap;gap:0 .75rem;padding:.5rem 0;border-bottom:1px solid var(--line)}
.tests td{padding:0;border:0}
.runs td:nth-child(2),.runs td:nth-child(4),.list td:nth-child(3){flex:1 0 100%;order:1}
}
@media print{
:root{color-scheme:light;${LIGHT};--background:#fff}
body{padding:0;max-width:none;font-size:10pt}
figure,tr{break-inside:avoid}
h2,h3{break-after:avoid}
details::details-content{content-visibility:visible;block-size:auto}
}
`

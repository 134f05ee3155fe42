/* style.c - colours and CSS.
 *
 *     style_light.series[0]    ->    --s0: #0a56a8;    ->    .s0 { stroke: var(--s0) } */
#include "report/style.h"

const struct style_colours style_light = {
    .ground = 0xffffff,
    .raised = 0xf3f5f8,
    .text = 0x1a1d21,
    .faint = 0x59616b,
    .line = 0xd5dae0,
    .series = {0x0a499b, 0xce7d00, 0x08a37a, 0x6b0050, 0x885b22, 0x504934},
    .heat = 0x0a499b,
};

const struct style_colours style_dark = {
    .ground = 0x15181c,
    .raised = 0x1f242a,
    .text = 0xe6e9ed,
    .faint = 0xa3adb8,
    .line = 0x3a424b,
    .series = {0x3d9be0, 0xdf9a35, 0x67e8b0, 0xe0608f, 0xedea4a, 0xc1e6ff},
    .heat = 0x4aa8f0,
};

static const char page_rules[] =
    "* { box-sizing: border-box }\n"
    "html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }\n"
    "body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif "
    "}\n"
    "main { max-width: 1160px; margin: 0 auto; padding: 16px }\n"
    "h1 { font-size: 1.6em; line-height: 1.2; margin: .3em 0 .6em; overflow-wrap: anywhere }\n"
    "h2 { font-size: 1.2em; margin: 1.8em 0 .6em; padding-bottom: .2em; border-bottom: 1px solid var(--line) "
    "}\n"
    "h3 { font-size: 1em; margin: 1.2em 0 .3em }\n"
    "summary { font-weight: 600; margin: 1.2em 0 .3em; cursor: pointer }\n"
    "p, ul { max-width: 46em; margin: .6em 0 }\n"
    "ul { padding-left: 1.3em }\n"
    ".note { color: var(--faint); font-size: .875em }\n"
    ".statement { padding: .7em 1em; background: var(--raised); border-left: 4px solid var(--s0) }\n"
    "pre { padding: .8em 1em; overflow-x: auto; font-size: .8125em; line-height: "
    "1.45 }\n"
    ".listing i { display: inline-block; width: 2.2em; padding-right: 1em; text-align: right; font-style: "
    "normal;\n"
    "  color: var(--faint); user-select: none; -webkit-user-select: none }\n"
    "dl, dd { margin: 0 }\n"
    ".facts { display: flex; flex-wrap: wrap; gap: .6em 2.2em; margin: 1em 0 }\n"
    ".facts dt { color: var(--faint); font-size: .875em }\n"
    ".facts dd { font-size: 1.5em; line-height: 1.2; font-variant-numeric: tabular-nums }\n"
    ".figures { display: grid; gap: 1.2em 1.8em; align-items: start; margin: 1em 0;\n"
    "  grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr)) }\n"
    ".figures > * { min-width: 0 }\n"
    ".tables { display: flex; flex-wrap: wrap; gap: 0 3em; align-items: flex-start }\n"
    ".tables > * { max-width: 100% }\n"
    "figure { margin: 0; min-width: 0 }\n"
    ".chart { max-width: 560px }\n"
    ".chart figcaption { font-weight: 600; font-size: .875em }\n"
    ".chart > svg { display: block; width: 100%; height: auto; font: 12px system-ui, sans-serif }\n"
    ".legend { display: flex; flex-wrap: wrap; gap: 0 1.1em; list-style: none; margin: .2em 0; padding: 0;\n"
    "  font-size: .8125em }\n"
    ".legend svg { display: inline-block; width: 22px; height: 10px; margin-right: .4em }\n"
    "svg text { fill: var(--faint) }\n"
    ".grid { stroke: var(--line); stroke-width: .7 }\n"
    ".rule { stroke: var(--text); stroke-width: 1; stroke-dasharray: 2 3 }\n"
    ".curve { fill: none; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round }\n"
    ".dashed { stroke-dasharray: 6 4 }\n"
    ".band { stroke: none; fill-opacity: .22 }\n"
    ".dot { fill: none; stroke-width: 5; stroke-linecap: round; stroke-opacity: .6 }\n"
    ".small { stroke-width: 2.8 }\n"
    ".bar { stroke: none; fill-opacity: .85 }\n"
    ".hit { fill: transparent; stroke: none }\n"
    ".hit:hover { fill: var(--text); fill-opacity: .35 }\n";

/* Tables, pairs and pictures; apart, as the longest string that C promises has 4095 characters. */
static const char table_rules[] =
    ".wide { overflow-x: auto; margin: .8em 0 }\n" /* a shadow at an edge beyond which there is more */
    ".wide, pre { --cover: var(--ground); background:\n"
    "  linear-gradient(to right, var(--cover) 50%, transparent) 0 0 / 2em 100% no-repeat local,\n"
    "  linear-gradient(to left, var(--cover) 50%, transparent) 100% 0 / 2em 100% no-repeat local,\n"
    "  linear-gradient(to right, var(--line), transparent) 0 0 / .9em 100% no-repeat,\n"
    "  linear-gradient(to left, var(--line), transparent) 100% 0 / .9em 100% no-repeat var(--cover) }\n"
    "pre { --cover: var(--raised) }\n"
    "table { border-collapse: collapse; font-size: .875em; font-variant-numeric: tabular-nums }\n"
    "caption { text-align: left; font-weight: 600; padding: .2em 0 .4em }\n"
    "th, td { padding: .25em .7em; text-align: left; border-bottom: 1px solid var(--line); white-space: pre "
    "}\n"
    "th:first-child, td:first-child { padding-left: 0 }\n"
    "thead th { color: var(--faint); font-weight: 500; vertical-align: bottom }\n"
    ".number { text-align: right }\n"
    ".matrix td { text-align: center; padding: .35em .3em; min-width: 2.3em; border: 1px solid var(--ground) "
    "}\n"
    ".matrix th { border: 0; font-weight: 500 }\n"
    ".matrix tbody th { text-align: right; padding: 0 .6em 0 0 }\n"
    ".matrix thead th { padding: .2em .3em; text-align: center }\n"
    ".matrix thead span { writing-mode: vertical-rl; transform: rotate(180deg) }\n"
    ".short thead span { writing-mode: horizontal-tb; transform: none }\n"
    ".matrix .corner { text-align: left; white-space: normal; min-width: 6.5em; padding-left: 0 }\n"
    "@media (max-width: 480px) { .matrix { font-size: .66em } .matrix td { padding: .45em .1em; min-width: "
    "2.4em }\n"
    "  .matrix .corner { min-width: 0 } .matrix thead th { padding: .2em 0 } }\n"
    ".pairs dl { font-size: .875em }\n"
    ".pairs dl > div { display: flex; gap: 1em; padding: .15em 0; border-bottom: 1px solid var(--line) }\n"
    ".pairs dt { flex: 0 0 9em; color: var(--faint) }\n"
    ".pairs dd { min-width: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums }\n"
    ".gallery { display: flex; flex-wrap: wrap; gap: 1em .65em; margin: 1em 0 }\n"
    ".gallery figure { max-width: 100%; font-size: .8125em; line-height: 1.35 }\n"
    ".gallery figcaption { white-space: pre-line }\n"
    ".gallery img { display: block; max-width: 100%; height: auto; image-rendering: pixelated; "
    "margin-bottom: .3em;\n"
    "  border: 1px solid var(--line) }\n";

static void print_variables(FILE *to, const struct style_colours *colours)
{
    fprintf(to, "--ground: #%06x; --raised: #%06x; --text: #%06x; --faint: #%06x; --line: #%06x",
            colours->ground, colours->raised, colours->text, colours->faint, colours->line);
    for (int i = 0; i < STYLE_SERIES; i++)
        fprintf(to, "; --s%d: #%06x", i, colours->series[i]);
    fprintf(to, "; --heat: %u, %u, %u", colours->heat >> 16, colours->heat >> 8 & 255, colours->heat & 255);
}

/* The strongest have the page's ground as colour of their text; between them and the others is a step, for
 * in the middle neither colour would be readable. */
const double style_heats[STYLE_HEATS] = {0, 0.06, 0.12, 0.19, 0.26, 0.34, 0.42, 0.8, 0.9, 1};

bool style_heat_is_strong(int heat)
{
    return style_heats[heat] > 0.5;
}

static void print_heats(FILE *to)
{
    for (int i = 0; i < STYLE_HEATS; i++)
        fprintf(to, ".matrix .h%d { background: rgba(var(--heat), %.2f)%s }\n", i, style_heats[i],
                style_heat_is_strong(i) ? "; color: var(--ground)" : "");
}

void style_print(FILE *to)
{
    fprintf(to, ":root { color-scheme: light dark; ");
    print_variables(to, &style_light);
    fprintf(to, " }\n@media (prefers-color-scheme: dark) { :root { ");
    print_variables(to, &style_dark);
    fprintf(to, " } }\n");
    for (int i = 0; i < STYLE_SERIES; i++)
        fprintf(to, ".s%d { stroke: var(--s%d); fill: var(--s%d) }\n", i, i, i);
    fputs(page_rules, to);
    fputs(table_rules, to);
    print_heats(to);
}

using System.Globalization;
using System.Net;
using System.Text;

namespace Harmony.Gateway.Drawing;

/// <summary>Draws pipelines as SVG, which browsers show in any size, in light and in dark, without a script.</summary>
internal static class SvgDrawing
{
    /// <summary>How the drawings look. Colours follow the page, or the system where there is none.</summary>
    public const string Style = """
        .pipeline { color-scheme: light dark; color: #1f2328; font: 12px system-ui, sans-serif; display: block }
        .pipeline rect { fill: #f6f8fa; stroke: #8c959f } .pipeline path { stroke: #6e7781; fill: none } .pipeline text { fill: currentColor }
        .pipeline .heading, .pipeline .detail { fill: #57606a; font-size: 11px } .pipeline .title { font-weight: 600 }
        .pipeline .state { stroke: none; fill: #6e7781 } .pipeline .state.up { fill: #1a7f37 }
        .pipeline rect.down { stroke: #c62828; stroke-width: 2 } .pipeline .mark { stroke: #c62828; stroke-width: 2.5 }
        @media (prefers-color-scheme: dark) {
        .pipeline { color: #e6edf3 } .pipeline rect { fill: #161b22; stroke: #6e7681 } .pipeline path { stroke: #8b949e }
        .pipeline .heading, .pipeline .detail { fill: #9da7b1 } .pipeline .state { fill: #8b949e } .pipeline .state.up { fill: #4cc76a }
        .pipeline rect.down, .pipeline .mark { stroke: #ff7b72 } }
        """;

    private const string Background = ".back { fill: #fff } @media (prefers-color-scheme: dark) { .back { fill: #0d1117 } }";

    private const int BoxHeight = 44, Gap = 34, RowGap = 10, Top = 22, Margin = 2, Inset = 9, Narrowest = 92, Widest = 190, Edge = 14, StateRoom = 16;

    /// <summary>The sizes of the text, as in the style.</summary>
    private const double TitleSize = 12 * 1.08, DetailSize = 11;

    /// <summary>Several pipelines, one below the other, as a file of its own, with a background that fits the colours.</summary>
    public static string File(IReadOnlyList<DrawnPipeline> pipelines)
    {
        var text = new StringBuilder();
        var width = pipelines.Select(WidthOf).DefaultIfEmpty(100).Max() + (2 * Edge);
        var height = pipelines.Sum(p => HeightOf(p) + 40) + Edge;
        text.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"{-Edge} {-Edge} {width} {height}\"><style>{Style}"
            + $"{Background}</style>\n");
        text.Append(CultureInfo.InvariantCulture, $"<path class=\"back\" d=\"M{-Edge} {-Edge}h{width}v{height}h-{width}z\"/>\n");
        var y = 0;
        foreach (var pipeline in pipelines)
        {
            text.Append(CultureInfo.InvariantCulture, $"<g class=\"pipeline\" transform=\"translate(0 {y})\"><text x=\"{Margin}\" y=\"14\" class=\"title\" "
                + $"font-size=\"15\">{Safe(Name(pipeline))}</text></g>\n");
            text.Append(CultureInfo.InvariantCulture, $"<g class=\"pipeline\" transform=\"translate(0 {y + 26})\">");
            Draw(pipeline, text);
            text.Append("</g>\n");
            y += HeightOf(pipeline) + 40;
        }

        return text.Append("</svg>\n").ToString();
    }

    /// <summary>One pipeline for a page that has the <see cref="Style"/>.</summary>
    public static string Inline(DrawnPipeline pipeline)
    {
        var (width, height) = (WidthOf(pipeline), HeightOf(pipeline));
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<svg class=\"pipeline\" role=\"img\" aria-label=\"{Safe(pipeline.Words)}\" width=\"{width}\" "
            + $"height=\"{height}\" viewBox=\"0 0 {width} {height}\">");
        Draw(pipeline, text);
        return text.Append("</svg>").ToString();
    }

    private static void Draw(DrawnPipeline pipeline, StringBuilder text)
    {
        var (height, lefts) = (HeightOf(pipeline) - Top, LeftsOf(pipeline));
        for (var i = 0; i < pipeline.Columns.Count; i++)
        {
            var column = pipeline.Columns[i];
            var isHeaded = i == 0 || pipeline.Columns[i - 1].Heading != column.Heading;
            if (isHeaded) text.Append(CultureInfo.InvariantCulture, $"<text class=\"heading\" x=\"{lefts[i]}\" y=\"12\">{column.Heading}</text>");
            for (var j = 0; j < column.Boxes.Count; j++)
            {
                if (i > 0) Lead(pipeline.Columns[i - 1], column.Boxes[j], lefts[i], Middle(column, j, height), height, text);
                DrawBox(column.Boxes[j], lefts[i], Middle(column, j, height) - (BoxHeight / 2), lefts[i + 1] - Gap - lefts[i], text);
            }
        }
    }

    /// <summary>The arrows that lead to a box.</summary>
    private static void Lead(DrawnColumn before, DrawnBox box, int end, int y, int height, StringBuilder text)
    {
        var (start, middle) = (end - Gap, end - (Gap / 2));
        for (var k = 0; k < before.Boxes.Count; k++)
        {
            if (box.From is { } from && from != k) continue;
            text.Append(CultureInfo.InvariantCulture,
                $"<path d=\"M{start} {Middle(before, k, height)}C{middle} {Middle(before, k, height)} {middle} {y} {end - 2} {y}m-6 -4l6 4l-6 4\"/>");
        }
    }

    private static void DrawBox(DrawnBox box, int x, int y, int width, StringBuilder text)
    {
        var room = width - (2 * Inset);
        text.Append(CultureInfo.InvariantCulture, $"<g><title>{Safe($"{box.Title} {box.Detail} {box.State}".Trim())}</title><rect class=\"{box.State}\" "
            + $"x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{BoxHeight}\" rx=\"6\"/>");
        text.Append(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"{x + Inset}\" y=\"{y + (box.Detail.Length == 0 ? 27 : 18)}\">"
            + $"{Safe(Cut(box.Title, TitleSize, box.State is null ? room : room - StateRoom))}</text>");
        if (box.Detail.Length > 0)
        {
            var detail = Safe(Cut(box.Detail, DetailSize, room));
            text.Append(CultureInfo.InvariantCulture, $"<text class=\"detail\" x=\"{x + Inset}\" y=\"{y + 35}\">{detail}</text>");
        }

        if (box.State is not null)
        {
            // What is down has a mark of another shape, for those who do not tell red from green.
            var (cx, cy) = (x + width - 13, y + 14);
            text.Append(box.State == "down"
                ? string.Create(CultureInfo.InvariantCulture, $"<path class=\"mark\" d=\"M{cx - 4} {cy - 4}l8 8m0 -8l-8 8\"/>")
                : string.Create(CultureInfo.InvariantCulture, $"<circle class=\"state {box.State}\" cx=\"{cx}\" cy=\"{cy}\" r=\"5\"/>"));
        }

        text.Append("</g>");
    }

    private static string Name(DrawnPipeline pipeline) => pipeline.Closed is null ? pipeline.Name : $"{pipeline.Name} (responds 503: {pipeline.Closed})";

    private static int WidthOf(DrawnPipeline pipeline) => LeftsOf(pipeline)[^1] - Gap + Margin;

    /// <summary>Where each column begins, and one behind the last would; a column is as wide as its words need.</summary>
    private static int[] LeftsOf(DrawnPipeline pipeline)
    {
        var lefts = new int[pipeline.Columns.Count + 1];
        lefts[0] = Margin;
        for (var i = 0; i < pipeline.Columns.Count; i++)
        {
            var words = pipeline.Columns[i].Boxes.Max(b =>
                Math.Max(WidthOf(b.Title, TitleSize) + (b.State is null ? 0 : StateRoom), WidthOf(b.Detail, DetailSize)));
            lefts[i + 1] = lefts[i] + Math.Clamp((int)Math.Ceiling(words) + (2 * Inset), Narrowest, Widest) + Gap;
        }

        return lefts;
    }

    private static int HeightOf(DrawnPipeline pipeline) => Top + pipeline.Columns.Max(c => c.Boxes.Count * (BoxHeight + RowGap)) - RowGap + (2 * Margin);

    /// <summary>The boxes of a column stand around the middle line.</summary>
    private static int Middle(DrawnColumn column, int box, int height)
        => Top + (height / 2) + (((2 * box) - column.Boxes.Count + 1) * (BoxHeight + RowGap) / 2);

    private static string Cut(string text, double size, double room)
    {
        if (WidthOf(text, size) <= room) return text;
        var letters = text.Length;
        while (letters > 1 && WidthOf(text[..letters] + "…", size) > room) letters--;
        return text[..letters] + "…";
    }

    /// <summary>About how wide a text is in the wider ones of the fonts that systems have; what draws it is not asked.</summary>
    private static double WidthOf(string text, double size) => size * text.Sum(c => c switch
    {
        'i' or 'j' or 'l' or '.' or ',' or ':' or ';' or '\'' or '|' or '/' or ' ' => 0.34,
        'f' or 't' or 'r' or '-' or '(' or ')' => 0.42,
        'm' or 'w' or 'M' or 'W' or '@' or '…' => 1,
        >= 'A' and <= 'Z' => 0.71,
        _ => 0.64,
    });

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}

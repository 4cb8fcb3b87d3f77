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
        .pipeline .state { stroke: none; fill: #6e7781 } .pipeline .state.up { fill: #1a7f37 } .pipeline .state.down { fill: #c62828 }
        .pipeline rect.down { stroke: #c62828; stroke-width: 2 }
        @media (prefers-color-scheme: dark) {
        .pipeline { color: #e6edf3 } .pipeline rect { fill: #161b22; stroke: #6e7681 } .pipeline path { stroke: #8b949e }
        .pipeline .heading, .pipeline .detail { fill: #9da7b1 } .pipeline .state { fill: #8b949e } .pipeline .state.up { fill: #4cc76a }
        .pipeline .state.down { fill: #ff7b72 }
        .pipeline rect.down { stroke: #ff7b72 } }
        """;

    private const int BoxWidth = 150, BoxHeight = 44, Gap = 34, RowGap = 10, Top = 22, Margin = 2;
    private const int Letters = 22;

    /// <summary>Several pipelines, one below the other, as a file of its own.</summary>
    public static string File(IReadOnlyList<DrawnPipeline> pipelines)
    {
        var text = new StringBuilder();
        var width = pipelines.Select(WidthOf).DefaultIfEmpty(100).Max();
        var height = pipelines.Sum(p => HeightOf(p) + 40);
        text.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\"><style>{Style}</style>\n");
        var y = 0;
        foreach (var pipeline in pipelines)
        {
            text.Append(CultureInfo.InvariantCulture, $"<g class=\"pipeline\" transform=\"translate(0 {y})\"><text x=\"{Margin}\" y=\"18\" class=\"title\" "
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
        var height = HeightOf(pipeline) - Top;
        for (var i = 0; i < pipeline.Columns.Count; i++)
        {
            var column = pipeline.Columns[i];
            var isHeaded = i == 0 || pipeline.Columns[i - 1].Heading != column.Heading;
            if (isHeaded) text.Append(CultureInfo.InvariantCulture, $"<text class=\"heading\" x=\"{Left(i)}\" y=\"12\">{column.Heading}</text>");
            for (var j = 0; j < column.Boxes.Count; j++)
            {
                if (i > 0) Lead(pipeline.Columns[i - 1], column.Boxes[j], i, Middle(column, j, height), height, text);
                DrawBox(column.Boxes[j], Left(i), Middle(column, j, height) - (BoxHeight / 2), text);
            }
        }
    }

    /// <summary>The arrows that lead to a box.</summary>
    private static void Lead(DrawnColumn before, DrawnBox box, int column, int y, int height, StringBuilder text)
    {
        var (start, end) = (Left(column) - Gap, Left(column));
        for (var k = 0; k < before.Boxes.Count; k++)
        {
            if (box.From is { } from && from != k) continue;
            var middle = start + (Gap / 2);
            text.Append(CultureInfo.InvariantCulture,
                $"<path d=\"M{start} {Middle(before, k, height)}C{middle} {Middle(before, k, height)} {middle} {y} {end - 2} {y}m-6 -4l6 4l-6 4\"/>");
        }
    }

    private static void DrawBox(DrawnBox box, int x, int y, StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"<g><title>{Safe($"{box.Title} {box.Detail} {box.State}".Trim())}</title><rect class=\"{box.State}\" "
            + $"x=\"{x}\" y=\"{y}\" width=\"{BoxWidth}\" height=\"{BoxHeight}\" rx=\"6\"/>");
        text.Append(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"{x + 9}\" "
            + $"y=\"{y + (box.Detail.Length == 0 ? 27 : 18)}\">{Safe(Cut(box.Title, box.State is null ? Letters - 2 : Letters - 5))}</text>");
        if (box.Detail.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"<text class=\"detail\" x=\"{x + 9}\" y=\"{y + 35}\">{Safe(Cut(box.Detail, Letters))}</text>");
        if (box.State is not null)
            text.Append(CultureInfo.InvariantCulture, $"<circle class=\"state {box.State}\" cx=\"{x + BoxWidth - 13}\" cy=\"{y + 14}\" r=\"5\"/>");
        text.Append("</g>");
    }

    private static string Name(DrawnPipeline pipeline) => pipeline.Closed is null ? pipeline.Name : $"{pipeline.Name} (responds 503: {pipeline.Closed})";

    private static int Left(int column) => Margin + (column * (BoxWidth + Gap));

    private static int WidthOf(DrawnPipeline pipeline) => Left(pipeline.Columns.Count) - Gap + Margin;

    private static int HeightOf(DrawnPipeline pipeline) => Top + pipeline.Columns.Max(c => c.Boxes.Count * (BoxHeight + RowGap)) - RowGap + (2 * Margin);

    /// <summary>The boxes of a column stand around the middle line.</summary>
    private static int Middle(DrawnColumn column, int box, int height)
        => Top + (height / 2) + (((2 * box) - column.Boxes.Count + 1) * (BoxHeight + RowGap) / 2);

    private static string Cut(string text, int letters) => text.Length <= letters ? text : text[..(letters - 1)] + "…";

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}

using System.Globalization;
using System.Text;

namespace Harmony.Gateway.Drawing;

/// <summary>Pipelines in the language of Mermaid, which code forges and wikis draw.</summary>
internal static class MermaidDrawing
{
    public static string Of(IEnumerable<DrawnPipeline> pipelines)
    {
        var text = new StringBuilder("flowchart LR\n");
        foreach (var (pipeline, number) in pipelines.Select((p, i) => (p, i)))
        {
            text.Append(CultureInfo.InvariantCulture, $"  subgraph p{number}[{Quote(pipeline.Name)}]\n");
            for (var i = 0; i < pipeline.Columns.Count; i++) Draw(pipeline, i, $"p{number}", text);
            text.Append("  end\n");
        }

        return text.ToString();
    }

    private static void Draw(DrawnPipeline pipeline, int column, string id, StringBuilder text)
    {
        var (open, close) = pipeline.Columns[column].Heading switch { "Sources" => ("([", "])"), "Targets" => ("[(", ")]"), _ => ("[", "]") };
        foreach (var (box, i) in pipeline.Columns[column].Boxes.Select((b, i) => (b, i)))
        {
            var label = box.Detail.Length == 0 || box.Detail == box.Title ? box.Title : $"{box.Title} ({box.Detail})";
            text.Append(CultureInfo.InvariantCulture, $"    {id}c{column}n{i}{open}{Quote(label)}{close}\n");
            if (column == 0) continue;
            for (var k = 0; k < pipeline.Columns[column - 1].Boxes.Count; k++)
            {
                if (box.From is null || box.From == k) text.Append(CultureInfo.InvariantCulture, $"    {id}c{column - 1}n{k} --> {id}c{column}n{i}\n");
            }
        }
    }

    private static string Quote(string text) => $"\"{text.Replace("\"", "#quot;", StringComparison.Ordinal)}\"";
}

using System.Text;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Documents;

/// <summary>Values as text, in the form Java's <c>toString()</c> gives them: <c>{a=1, b=[x, null]}</c>.</summary>
internal static class DocText
{
    /// <summary>The text of <paramref name="value"/>.</summary>
    public static string Of(DocValue value, JoltRun run)
    {
        if (!value.IsContainer) return Scalar(value);
        var text = new StringBuilder();
        Append(text, value, run.Options.MaxDepth, run.Meter);
        return text.ToString();
    }

    /// <summary>The text of a value that is neither array nor object.</summary>
    public static string Scalar(DocValue value) => value.Kind switch
    {
        DocKind.String or DocKind.Number => value.GetText(),
        DocKind.True => "true",
        DocKind.False => "false",
        _ => "null",
    };

    private static void Append(StringBuilder text, DocValue value, int depth, WorkMeter meter)
    {
        meter.Spend();
        if (depth == 0) throw Depth.Exceeded();
        if (value.AsObject is { } obj) AppendObject(text, obj, depth, meter);
        else if (value.AsArray is { } array) AppendArray(text, array, depth, meter);
        else AppendScalar(text, value, meter);
    }

    private static void AppendScalar(StringBuilder text, DocValue value, WorkMeter meter)
    {
        var scalar = Scalar(value);
        meter.Spend(scalar.Length);
        text.Append(scalar);
    }

    private static void AppendObject(StringBuilder text, DocObject obj, int depth, WorkMeter meter)
    {
        var separator = "{";
        foreach (var (key, value) in obj.Members)
        {
            meter.Spend(key.Length);
            text.Append(separator).Append(key).Append('=');
            Append(text, value, depth - 1, meter);
            separator = ", ";
        }

        text.Append(obj.Count == 0 ? "{}" : "}");
    }

    private static void AppendArray(StringBuilder text, DocArray array, int depth, WorkMeter meter)
    {
        var separator = "[";
        foreach (var item in array.Items)
        {
            text.Append(separator);
            Append(text, item, depth - 1, meter);
            separator = ", ";
        }

        text.Append(array.Count == 0 ? "[]" : "]");
    }
}

using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Functions;

/// <summary>A value of a spec, with <c>${now}</c> and <c>${uuid}</c> in any of its strings.</summary>
internal sealed class ValueTemplate
{
    private readonly DocValue _value;
    private readonly bool _isConstant;

    /// <summary>A template of <paramref name="value"/>, which must not change from now on.</summary>
    public ValueTemplate(DocValue value)
    {
        _value = value;
        _isConstant = !Freeze(value);
    }

    /// <summary>The value, with the time and identifiers of this run.</summary>
    public DocValue Expand(JoltRun run) => _isConstant ? _value : Expand(_value, run);

    /// <summary>Marks every container as shared, and tells whether a string is a template.</summary>
    private static bool Freeze(DocValue value)
    {
        value.Share();
        if (value.Kind == DocKind.String) return TextTemplate.Parse(value.GetText()) is not null;
        var hasTemplate = false;
        if (value.AsArray is { } array)
        {
            foreach (var item in array.Items) hasTemplate |= Freeze(item);
        }
        else if (value.AsObject is { } obj)
        {
            foreach (var member in obj.Members) hasTemplate |= Freeze(member.Value);
        }

        return hasTemplate;
    }

    private static DocValue Expand(DocValue value, JoltRun run)
    {
        run.Meter.Spend();
        return value.Kind switch
        {
            DocKind.String => TextTemplate.Parse(value.GetText())?.Expand(run) ?? value,
            DocKind.Array => DocValue.Of(new DocArray([.. value.AsArray!.Items.ToArray().Select(i => Expand(i, run))])),
            DocKind.Object => DocValue.Of(new DocObject([.. value.AsObject!.Members.ToArray().Select(m => m with { Value = Expand(m.Value, run) })])),
            _ => value,
        };
    }
}

/// <summary>A string of a spec that holds <c>${now}</c> or <c>${uuid}</c>.</summary>
internal sealed class TextTemplate
{
    private const string NowMark = "${now}";
    private const string UuidMark = "${uuid}";

    private readonly string _text;

    private TextTemplate(string text) => _text = text;

    /// <summary>The template, or null when the string is just a string.</summary>
    public static TextTemplate? Parse(string text)
        => text.Contains(NowMark, StringComparison.Ordinal) || text.Contains(UuidMark, StringComparison.Ordinal) ? new TextTemplate(text) : null;

    /// <summary>The string with the time, the same throughout a run, and a new identifier wherever one is asked for.</summary>
    public DocValue Expand(JoltRun run)
    {
        var text = _text.Replace(NowMark, run.Now, StringComparison.Ordinal);
        for (var at = text.IndexOf(UuidMark, StringComparison.Ordinal); at >= 0; at = text.IndexOf(UuidMark, at, StringComparison.Ordinal))
            text = string.Concat(text.AsSpan(0, at), run.Options.NewGuid().ToString("D"), text.AsSpan(at + UuidMark.Length));
        return run.NewString(text);
    }
}

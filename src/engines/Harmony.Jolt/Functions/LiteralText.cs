using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Functions;

/// <summary>A string of the spec's own.</summary>
internal sealed class LiteralText(string text) : IExpression
{
    private readonly DocValue _value = DocValue.String(text);
    private readonly TextTemplate? _template = TextTemplate.Parse(text);

    /// <summary>The string as it stands in the spec.</summary>
    public string Text => text;

    public IEnumerable<Reference> References => [];

    public DocValue Evaluate(DocValue current, JoltRun run) => _template?.Expand(run) ?? _value;
}

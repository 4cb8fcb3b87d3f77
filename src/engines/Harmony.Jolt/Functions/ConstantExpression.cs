using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Functions;

/// <summary>A value of the spec's own.</summary>
internal sealed class ConstantExpression(DocValue value) : IExpression
{
    private readonly ValueTemplate _template = new(value);

    public IEnumerable<Reference> References => [];

    public DocValue Evaluate(DocValue current, JoltRun run) => _template.Expand(run);
}

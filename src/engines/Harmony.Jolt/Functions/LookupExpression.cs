using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Functions;

/// <summary><c>@(1,name)</c>: a value of the document.</summary>
internal sealed class LookupExpression(Lookup lookup) : IExpression
{
    public IEnumerable<Reference> References => lookup.References;

    public DocValue Evaluate(DocValue current, JoltRun run)
    {
        var value = lookup.Find(run.Walk);

        // A container put into itself would never end; its copy does.
        return value.AsContainer is { } container && run.Walk.LeadsThrough(container)
            ? DocCopy.Deep(value, run.Options.MaxDepth, run.Meter)
            : value;
    }
}

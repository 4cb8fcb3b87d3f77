using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Functions;

/// <summary><c>^name</c>: a value of the context.</summary>
internal sealed class ContextExpression(PathTemplate path) : IExpression
{
    public IEnumerable<Reference> References => path.References;

    public DocValue Evaluate(DocValue current, JoltRun run) => path.Read(run.Context, run.Walk).Share();
}

using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Functions;

/// <summary>The right-hand side of a modify.</summary>
internal interface IExpression
{
    /// <summary>The references it makes to the walked path.</summary>
    IEnumerable<Reference> References { get; }

    /// <summary>Its value where the walk stands; missing when it has none, so that the next alternative is asked.</summary>
    /// <param name="current">What is there now; missing when nothing is.</param>
    /// <param name="run">The application it is evaluated for.</param>
    DocValue Evaluate(DocValue current, JoltRun run);
}

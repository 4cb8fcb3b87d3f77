using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Functions;

/// <summary><c>=name(a,b)</c>, or <c>=name</c>, which is called with what is there now.</summary>
internal sealed class CallExpression(JoltFunction function, IReadOnlyList<IExpression> arguments) : IExpression
{
    private readonly IExpression[] _arguments = [.. arguments];

    public IEnumerable<Reference> References => _arguments.SelectMany(a => a.References);

    public DocValue Evaluate(DocValue current, JoltRun run)
    {
        run.Meter.Spend();
        if (_arguments.Length <= 1)
        {
            var only = _arguments.Length == 0 ? current : _arguments[0].Evaluate(current, run);
            return only.IsMissing ? function.Apply([], run) : function.Apply([only], run);
        }

        var values = new DocValue[_arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var value = _arguments[i].Evaluate(current, run);
            values[i] = value.IsMissing ? DocValue.Null : value; // the other arguments must keep their places
        }

        return function.Apply(values, run);
    }
}

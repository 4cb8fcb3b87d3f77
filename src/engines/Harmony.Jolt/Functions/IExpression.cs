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

/// <summary>A value of the spec's own.</summary>
internal sealed class ConstantExpression(DocValue value) : IExpression
{
    private readonly ValueTemplate _template = new(value);

    public IEnumerable<Reference> References => [];

    public DocValue Evaluate(DocValue current, JoltRun run) => _template.Expand(run);
}

/// <summary><c>^name</c>: a value of the context.</summary>
internal sealed class ContextExpression(PathTemplate path) : IExpression
{
    public IEnumerable<Reference> References => path.References;

    public DocValue Evaluate(DocValue current, JoltRun run) => path.Read(run.Context, run.Walk).Share();
}

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

/// <summary>Reads arguments that must be of one kind.</summary>
internal static class Arguments
{
    /// <summary>Reads an integer of 32 bits that is written as a number.</summary>
    public static bool TryInt(DocValue value, out int number)
    {
        number = 0;
        if (!TryInteger(value, out var integer) || integer < int.MinValue || integer > int.MaxValue) return false;
        number = (int)integer;
        return true;
    }

    /// <summary>Reads an integer that is written as a number.</summary>
    public static bool TryInteger(DocValue value, out System.Numerics.BigInteger integer)
    {
        integer = default;
        if (value.Kind != DocKind.Number || !DocNumber.TryRead(value, out var number) || number.Integer is not { } known) return false;
        integer = known;
        return true;
    }

    public static bool IsString(DocValue value) => value.Kind == DocKind.String;

    public static bool IsInt(DocValue value) => TryInt(value, out _);
}

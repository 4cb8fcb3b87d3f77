using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Functions;

/// <summary>A function of the modify operations. It changes nothing it is given.</summary>
internal abstract class JoltFunction
{
    /// <summary>The body of a function of several values.</summary>
    public delegate DocValue ListBody(ReadOnlySpan<DocValue> values, JoltRun run);

    /// <summary>The body of a function of one value.</summary>
    public delegate DocValue ValueBody(DocValue value, JoltRun run);

    /// <summary>The body of a function of several values and one that says what to do with them.</summary>
    public delegate DocValue LedBody(DocValue lead, ReadOnlySpan<DocValue> values, JoltRun run);

    /// <summary>Its answer, or missing when it has none for these arguments: then nothing is written.</summary>
    public abstract DocValue Apply(ReadOnlySpan<DocValue> arguments, JoltRun run);
}

/// <summary>A function that takes its arguments as they are.</summary>
internal sealed class PlainFunction(JoltFunction.ListBody body) : JoltFunction
{
    public override DocValue Apply(ReadOnlySpan<DocValue> arguments, JoltRun run) => body(arguments, run);
}

/// <summary>A function of one value, arrays included; several values are an array of them.</summary>
internal sealed class WholeFunction(JoltFunction.ValueBody body) : JoltFunction
{
    public override DocValue Apply(ReadOnlySpan<DocValue> arguments, JoltRun run)
    {
        if (arguments.Length > 1) return body(DocValue.Of(new DocArray(arguments.ToArray())), run);
        if (arguments.IsEmpty || arguments[0].IsNullOrMissing || arguments[0].AsArray is { Count: 0 }) return default;
        return body(arguments[0], run);
    }
}

/// <summary>A function whose first argument says what to do with the others, or with the items of the one array that follows.</summary>
/// <param name="accepts">Whether a value can be the first argument.</param>
/// <param name="body">What it does.</param>
/// <param name="single">What it does with one value that is no array; nothing when null.</param>
internal sealed class LedFunction(Predicate<DocValue> accepts, JoltFunction.LedBody body, JoltFunction.LedBody? single = null) : JoltFunction
{
    public override DocValue Apply(ReadOnlySpan<DocValue> arguments, JoltRun run)
    {
        var values = arguments is [{ AsArray: { } all }] ? all.Items : arguments;
        if (values.Length < 2 || !accepts(values[0])) return default;
        run.Meter.Spend(values.Length);
        if (values.Length > 2) return body(values[0], values[1..], run);
        if (values[1].AsArray is not { } array) return single is null ? default : single(values[0], values[1..], run);
        run.Meter.Spend(array.Count);
        return body(values[0], array.Items, run);
    }
}

/// <summary>A function of several values, or of an array of them.</summary>
/// <param name="body">What it does with them.</param>
/// <param name="single">What it does with one value that is no array; nothing when null.</param>
internal sealed class ListFunction(JoltFunction.ListBody body, JoltFunction.ValueBody? single = null) : JoltFunction
{
    public override DocValue Apply(ReadOnlySpan<DocValue> arguments, JoltRun run)
    {
        if (arguments.Length > 1) return body(arguments, run);
        if (arguments.IsEmpty || arguments[0].IsNullOrMissing) return default;
        if (arguments[0].AsArray is not { } array) return single is null ? default : single(arguments[0], run);
        run.Meter.Spend(array.Count);
        return array.Count == 0 ? default : body(array.Items, run);
    }
}

/// <summary>A function of one value; of an array or several values it makes an array of its answers, and of the values it has none for.</summary>
internal sealed class EachFunction(JoltFunction.ValueBody body) : JoltFunction
{
    public override DocValue Apply(ReadOnlySpan<DocValue> arguments, JoltRun run)
    {
        if (arguments.Length > 1) return Each(arguments, run);
        if (arguments.IsEmpty || arguments[0].IsNullOrMissing) return default;
        if (arguments[0].AsArray is not { } array) return body(arguments[0], run);
        return array.Count == 0 ? default : Each(array.Items, run);
    }

    private DocValue Each(ReadOnlySpan<DocValue> values, JoltRun run)
    {
        run.Meter.Spend(values.Length);
        var answers = new DocValue[values.Length];
        for (var i = 0; i < answers.Length; i++)
        {
            var answer = body(values[i], run);
            answers[i] = (answer.IsMissing ? values[i] : answer).Share();
        }

        return DocValue.Of(new DocArray(answers));
    }
}

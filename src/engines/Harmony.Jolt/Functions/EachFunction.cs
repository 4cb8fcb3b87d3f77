using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Functions;

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

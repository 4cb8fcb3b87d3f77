using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Operations;

/// <summary><c>ONE</c> or <c>MANY</c>.</summary>
internal sealed class CardinalityCount : CardinalityRule
{
    public static readonly CardinalityCount One = new(many: false);
    public static readonly CardinalityCount Many = new(many: true);

    private readonly bool _many;

    private CardinalityCount(bool many) => _many = many;

    public override DocValue Apply(DocValue value, JoltRun run)
    {
        if (value.AsArray is { } array) return _many ? value : First(array);
        if (!_many) return value;
        return DocValue.Of(value.IsNullOrMissing ? new DocArray() : new DocArray([value]));
    }

    private static DocValue First(DocArray array)
    {
        if (array.Count == 0) return DocValue.Null;
        return array.IsShared ? array[0].Share() : array[0];
    }
}

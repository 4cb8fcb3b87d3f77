namespace Harmony.Jolt.Documents;

/// <summary>What a <see cref="DocValue"/> holds.</summary>
internal enum DocKind
{
    /// <summary>No value at all, which JSON cannot say: a key that is not there, a function that has no answer.</summary>
    Missing,

    /// <summary>The JSON literal <c>null</c>, a value like any other.</summary>
    Null,

    /// <summary>The JSON literal <c>false</c>.</summary>
    False,

    /// <summary>The JSON literal <c>true</c>.</summary>
    True,

    /// <summary>A number, kept as the text it came with.</summary>
    Number,

    /// <summary>A string.</summary>
    String,

    /// <summary>A <see cref="DocArray"/>.</summary>
    Array,

    /// <summary>A <see cref="DocObject"/>.</summary>
    Object,
}

namespace Harmony.Jolt.Operations;

/// <summary>When a modify operation writes.</summary>
internal enum WriteMode
{
    /// <summary>Always.</summary>
    Overwrite,

    /// <summary>Where nothing is, or <c>null</c>.</summary>
    Default,

    /// <summary>Where nothing is.</summary>
    Define,
}

/// <summary>Applies a <see cref="WriteMode"/>.</summary>
internal static class WriteModes
{
    /// <summary>The mode that a prefix of a key stands for, in place of that of the operation.</summary>
    public static WriteMode? FromPrefix(char prefix) => prefix switch
    {
        '+' => WriteMode.Overwrite,
        '~' => WriteMode.Default,
        '_' => WriteMode.Define,
        _ => null,
    };

    /// <summary>Whether <paramref name="mode"/> writes to <paramref name="slot"/>.</summary>
    public static bool MayWrite(this WriteMode mode, in Slot slot) => mode switch
    {
        WriteMode.Overwrite => true,
        WriteMode.Default => slot.Value.IsNullOrMissing,
        _ => slot.Value.IsMissing,
    };
}

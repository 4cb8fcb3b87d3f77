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

namespace Harmony.Core.Building;

/// <summary>A file of certificates or keys, read.</summary>
/// <param name="Name">What people call it: the path as configured.</param>
/// <param name="Text">What it holds.</param>
public sealed record PemFile(string Name, string Text)
{
    /// <summary>What it is, without the key that may be in it.</summary>
    public override string ToString() => Name;
}

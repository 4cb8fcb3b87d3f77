namespace Harmony.Jolt.Documents;

/// <summary>What every walk through a document throws that has gone as deep as it may.</summary>
internal static class Depth
{
    public static JoltException Exceeded() => new("the transformed document nests too deep (JoltOptions.MaxDepth)");
}

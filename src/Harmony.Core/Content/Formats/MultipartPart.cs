namespace Harmony.Core.Content.Formats;

/// <summary>One part of a multipart body.</summary>
/// <param name="Headers">Its field lines, names in lower case.</param>
/// <param name="Content">Its bytes, a range of the body.</param>
internal sealed record MultipartPart(IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Content)
{
    /// <summary>Whether a field is there twice, so that two readers may take two values of it.</summary>
    public bool HasRepeatedField => Headers.DistinctBy(h => h.Key).Count() < Headers.Count;

    /// <summary>The value of a field, or null.</summary>
    public string? Header(string name) => Headers.FirstOrDefault(h => h.Key == name).Value;
}

namespace Harmony.Core.Content.Formats;

/// <summary>One part of a multipart body.</summary>
/// <param name="Headers">Its field lines, names in lower case.</param>
/// <param name="Content">Its bytes, a range of the body.</param>
internal sealed record MultipartPart(IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Content)
{
    /// <summary>The value of a field, or null.</summary>
    public string? Header(string name) => Headers.FirstOrDefault(h => h.Key == name).Value;
}

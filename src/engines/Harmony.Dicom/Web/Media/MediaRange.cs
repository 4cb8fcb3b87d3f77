namespace Harmony.Dicom.Web.Media;

/// <summary>One of the media types that a client accepts, with the parameters that PS3.18 §8.7.3 gives a meaning.</summary>
/// <param name="Type">Type and subtype in lower case, either of which may be <c>*</c>: <c>multipart/related</c>.</param>
public sealed record MediaRange(string Type)
{
    /// <summary>The parameter <c>type</c> of multipart, in lower case: what the parts are. Null without one.</summary>
    public string? PartType { get; init; }

    /// <summary>Every <c>transfer-syntax</c>, in the order of the client; <c>*</c> for any. Clients send the parameter twice.</summary>
    public IReadOnlyList<string> TransferSyntaxes { get; init; } = [];

    /// <summary>How much it is wanted, 0 (not at all) to 1.</summary>
    public double Quality { get; init; } = 1;

    /// <summary>Whether any transfer syntax will do.</summary>
    public bool TakesAnySyntax => TransferSyntaxes.Contains("*", StringComparer.Ordinal);

    /// <summary>Whether the media type of a response is meant: exactly, or by a wild card.</summary>
    public bool Includes(string mediaType)
    {
        ArgumentNullException.ThrowIfNull(mediaType);
        if (Type == "*/*") return true;
        if (Type.EndsWith("/*", StringComparison.Ordinal)) return mediaType.AsSpan().StartsWith(Type.AsSpan(0, Type.Length - 1), StringComparison.OrdinalIgnoreCase);
        return mediaType.Equals(Type, StringComparison.OrdinalIgnoreCase);
    }
}

using System.Globalization;

namespace Harmony.Dicom.Web.Media;

/// <summary>
/// Reads <c>Accept</c>: RFC 9110 §12.5.1 with what real clients send besides: values with a slash that are not quoted, quotes that are not closed, parameters
/// that come twice. What cannot be read at all is passed over, as an unknown media type would be.
/// </summary>
public static class AcceptHeader
{
    /// <summary>Most media types that are read of a header; the rest is passed over.</summary>
    public const int MaxRanges = 100;

    /// <summary>The media types in the order of the client.</summary>
    /// <param name="text">The header, or the value of the query parameter <c>accept</c>, in which a plus sign may have become a space.</param>
    public static IReadOnlyList<MediaRange> Parse(string? text)
    {
        var ranges = new List<MediaRange>();
        foreach (var part in Split(text ?? "", ','))
        {
            if (ranges.Count == MaxRanges) break;
            if (ParseOne(part) is { } range) ranges.Add(range);
        }

        return ranges;
    }

    private static MediaRange? ParseOne(string text)
    {
        var parts = Split(text, ';');
        var type = parts[0].Trim().Replace(' ', '+').ToLowerInvariant();
        if (type == "*") type = "*/*"; // what some libraries for HTTP send
        if (type.Count(c => c == '/') != 1 || type.StartsWith('/') || type.EndsWith('/')) return null;
        string? partType = null;
        var syntaxes = new List<string>();
        var quality = 1.0;
        foreach (var parameter in parts.Skip(1))
        {
            var equals = parameter.IndexOf('=');
            if (equals < 0) continue;
            var value = parameter[(equals + 1)..].Trim().Trim('"').Trim();
            switch (parameter[..equals].Trim().ToLowerInvariant())
            {
                case "type": partType ??= value.Replace(' ', '+').ToLowerInvariant(); break;
                case "transfer-syntax" when value.Length > 0: syntaxes.Add(value); break;
                case "q":
                    quality = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q) ? Math.Clamp(q, 0, 1) : 1;
                    break;
            }
        }

        return new MediaRange(type) { PartType = partType, TransferSyntaxes = syntaxes, Quality = quality };
    }

    /// <summary>Parts between separators, of which those in quotes are none.</summary>
    private static List<string> Split(string text, char separator)
    {
        var parts = new List<string>();
        var isQuoted = false;
        var start = 0;
        // A quote that is never closed is no quote: else it would swallow the rest.
        var quotes = text.Count(c => c == '"');
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"' && (isQuoted || quotes > 1)) (isQuoted, quotes) = (!isQuoted, quotes - 1);
            if (text[i] != separator || isQuoted) continue;
            parts.Add(text[start..i]);
            start = i + 1;
        }

        parts.Add(text[start..]);
        return parts;
    }
}

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
        if (Type.EndsWith("/*", StringComparison.Ordinal))
        {
            return mediaType.AsSpan().StartsWith(Type.AsSpan(0, Type.Length - 1), StringComparison.OrdinalIgnoreCase);
        }

        return mediaType.Equals(Type, StringComparison.OrdinalIgnoreCase);
    }
}

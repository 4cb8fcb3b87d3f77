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
                case "q": quality = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q) ? Math.Clamp(q, 0, 1) : 1; break;
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

using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>
/// Replaces base URLs in a body that passes, where FHIR has URLs of the server. Bytes are passed on as they come; nothing is parsed into objects. A body that
/// does not begin as its content type says is refused before a byte is passed on: it may be an error page in disguise.
/// </summary>
/// <param name="source">The body; disposed with the stream.</param>
/// <param name="bases">The base URLs and their replacements.</param>
/// <param name="sender">The side that is to blame for a body that is refused.</param>
/// <param name="length">The length of the body in bytes; null if unknown.</param>
internal abstract class UrlStream(Stream source, BaseMap bases, FaultSource sender, long? length) : RewritingStream(source, length: length)
{
    /// <summary>The base URLs and their replacements.</summary>
    protected BaseMap Bases => bases;

    /// <summary>The stream for a body; null where bodies of that type pass as they are.</summary>
    public static UrlStream? Of(ReadOnlySpan<char> contentType, Body body, BaseMap bases, FaultSource sender) => FhirMediaTypes.FormatOf(contentType) switch
    {
        FhirFormat.Json or FhirFormat.JsonPatch => new JsonUrlStream(body.OpenStream(), bases, sender, body.Length),
        FhirFormat.Xml => new XmlUrlStream(body.OpenStream(), bases, sender, body.Length),
        _ => null,
    };

    /// <summary>The bytes of blanks and of a byte order mark in front of the document; null if more bytes are needed.</summary>
    protected int? Beginning(ReadOnlySpan<byte> text, bool isLast, ReadOnlySpan<byte> marks, string form)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        if (!isLast && text.Length < mark.Length && mark.StartsWith(text)) return null;
        var start = text.StartsWith(mark) ? mark.Length : 0;
        var blanks = text[start..].IndexOfAnyExcept(" \t\r\n"u8);
        if (blanks < 0) return isLast ? text.Length : null;
        if (marks.Contains(text[start + blanks])) return start + blanks;
        throw Refused($"is no {form} in UTF-8, as its content type says");
    }

    /// <summary>The exception for a body that is refused.</summary>
    /// <param name="what">What is wrong with the body, as a predicate.</param>
    protected GatewayException Refused(string what) => sender == FaultSource.Client
        ? new GatewayException(sender, FaultKind.Malformed, $"the body {what}")
        : new GatewayException(sender, FaultKind.Protocol, $"the body of the response {what}");
}

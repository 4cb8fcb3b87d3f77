using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;

namespace Harmony.Fhir.Services.Fhir;

/// <summary>
/// A body on its way through with other base URLs where FHIR has URLs of the server. Bytes are passed on as they come, nothing is parsed into objects. What
/// does not begin like its content type says is refused before anything is passed on: it may be a page of errors in disguise.
/// </summary>
/// <param name="source">The body; disposed with the stream.</param>
/// <param name="bases">What becomes of the URLs.</param>
/// <param name="sender">Who is to blame for what is refused.</param>
/// <param name="length">Its bytes, where they are known.</param>
internal abstract class UrlStream(Stream source, BaseMap bases, FaultSource sender, long? length) : RewritingStream(source, length: length)
{
    /// <summary>What becomes of the URLs.</summary>
    protected BaseMap Bases => bases;

    /// <summary>The stream for a body; null where bodies of that type pass as they are.</summary>
    public static UrlStream? Of(ReadOnlySpan<char> contentType, Body body, BaseMap bases, FaultSource sender) => FhirMediaTypes.FormOf(contentType) switch
    {
        FhirForm.Json or FhirForm.JsonPatch => new JsonUrlStream(body.OpenStream(), bases, sender, body.Length),
        FhirForm.Xml => new XmlUrlStream(body.OpenStream(), bases, sender, body.Length),
        _ => null,
    };

    /// <summary>How many bytes of blanks and a byte order mark stand in front; null where more have to come to tell.</summary>
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

    /// <summary>What is thrown for a body that is refused.</summary>
    /// <param name="what">What is wrong with the body, as a predicate.</param>
    protected GatewayException Refused(string what) => sender == FaultSource.Client
        ? new GatewayException(sender, FaultKind.Malformed, $"the body {what}")
        : new GatewayException(sender, FaultKind.Protocol, $"the body of the response {what}");
}

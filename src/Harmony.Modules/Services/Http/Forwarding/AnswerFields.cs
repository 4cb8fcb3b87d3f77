using System.Globalization;
using System.Net.Http.Headers;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;

namespace Harmony.Modules.Services.Http.Forwarding;

/// <summary>The fields of a target's answer, as far as they are for the client.</summary>
internal static class AnswerFields
{
    /// <summary>Copies the fields of the head.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="isChunked">Whether the body is chunked, so that a Content-Length beside it counts for nothing (RFC 9112 §6.3).</param>
    /// <exception cref="GatewayException">The body has a transfer coding that nobody asked for.</exception>
    public static HeaderFields Of(HttpResponseMessage answer, out bool isChunked)
    {
        var head = answer.Headers.NonValidated;
        isChunked = head.TryGetValues("Transfer-Encoding", out var codings) && IsChunked(codings);
        var named = head.TryGetValues("Connection", out var connection) ? HopByHopFields.NamedBy(connection.ToString()) : null;
        var fields = new HeaderFields(8);
        Copy(head, fields, named);
        Copy(answer.Content.Headers.NonValidated, fields, named);
        if (isChunked) fields.Remove("content-length");
        return fields;
    }

    /// <summary>The length that the head declares. Read from the raw field: the typed property would keep the number on the heap.</summary>
    public static long? LengthOf(HttpResponseMessage answer)
        => answer.Content.Headers.NonValidated.TryGetValues("Content-Length", out var values)
            && long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;

    /// <summary>The trailer fields, once the body has been read to its end; null when there are none.</summary>
    public static HeaderFields? ReadTrailers(this HttpResponseMessage answer)
    {
        var trailers = answer.TrailingHeaders.NonValidated;
        if (trailers.Count == 0) return null;
        var fields = new HeaderFields(trailers.Count);
        Copy(trailers, fields, named: null);
        return fields;
    }

    // HttpClient undoes chunks and no other coding: what it leaves would reach the client as content.
    private static bool IsChunked(HeaderStringValues codings)
        => codings.ToString().Trim().Equals("chunked", StringComparison.OrdinalIgnoreCase) ? true
        : throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, "the target used a transfer coding that nobody asked for");

    private static void Copy(HttpHeadersNonValidated from, HeaderFields to, HashSet<string>? named)
    {
        foreach (var (name, values) in from)
        {
            if (HopByHopFields.Contains(name) || IsOfTheOrigin(name) || named?.Contains(name) == true) continue;
            foreach (var value in values) to.Add(name, value);
        }
    }

    /// <summary>Another port of the target is no alternative to us (RFC 7838 §2.1).</summary>
    private static bool IsOfTheOrigin(string name) => name.Equals("Alt-Svc", StringComparison.OrdinalIgnoreCase);
}

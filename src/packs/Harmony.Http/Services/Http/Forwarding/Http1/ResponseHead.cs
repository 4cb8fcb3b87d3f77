using System.Globalization;
using Harmony.Core.Envelope;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>The head of an answer (RFC 9112 §4, §5), understood: what is for the client, how the body is framed, whether the connection lasts.</summary>
internal sealed class ResponseHead
{
    private ResponseHead(int status) => Status = status;

    /// <summary>100 to 999.</summary>
    public int Status { get; }

    /// <summary>The fields for the client.</summary>
    public HeaderFields Fields { get; } = new(12);

    /// <summary>The declared length; null where none is declared, or the body is chunked.</summary>
    public long? ContentLength { get; private set; }

    /// <summary>Whether the body comes in chunks.</summary>
    public bool IsChunked { get; private set; }

    /// <summary>Whether the origin keeps the connection open.</summary>
    public bool IsKeptAlive { get; private set; }

    /// <summary>The field <c>Upgrade</c>; null where there is none.</summary>
    public string? Upgrade { get; private set; }

    /// <summary>Whether the origin authenticates the connection and not each request.</summary>
    public bool AuthenticatesConnection { get; private set; }

    /// <summary>The reason phrase, where it is not the usual one of the status and can be passed on; else null.</summary>
    public string? Reason { get; private init; }

    /// <summary>Whether an answer of another kind follows (RFC 9110 §15.2).</summary>
    public bool IsInterim => Status is < 200 and not 101;

    /// <summary>Reads a head, if all of it is there.</summary>
    /// <param name="received">What has been received.</param>
    /// <param name="strings">Keeps strings for the next head.</param>
    /// <param name="consumed">Bytes of the head.</param>
    /// <returns>Null when more must be received.</returns>
    /// <exception cref="HttpRequestException">It is not a head of HTTP/1.</exception>
    public static ResponseHead? TryRead(ReadOnlySpan<byte> received, FieldStrings strings, out int consumed)
    {
        consumed = 0;
        if (!FieldLines.HasWholeHead(received)) return null;
        var lines = new FieldLines(received);
        if (!lines.TryNext(out var statusLine)) throw Invalid("no status line");
        var head = OfStatusLine(statusLine, out var isHttp11);
        var connection = head.ReadFields(ref lines, strings);
        consumed = lines.Position;
        head.IsKeptAlive = isHttp11 ? !Has(connection, "close") : Has(connection, "keep-alive") && !head.IsChunked;
        if (HopByHopFields.NamedBy(connection) is { } named)
        {
            foreach (var name in named) head.Fields.Remove(name);
        }

        if (!head.IsChunked) return head;
        head.ContentLength = null; // RFC 9112 §6.3: the chunks count
        head.Fields.Remove("content-length");
        return head;
    }

    /// <summary>An exception that does not quote what was received, which may be about a patient.</summary>
    public static HttpRequestException Invalid(string reason) => new(HttpRequestError.InvalidResponse, reason);

    /// <summary><c>HTTP/1.1 200 OK</c>; the reason may be missing, and the space before it, too.</summary>
    private static ResponseHead OfStatusLine(ReadOnlySpan<byte> line, out bool isHttp11)
    {
        var isHttp1 = line.Length >= 12 && line.StartsWith("HTTP/1."u8) && char.IsAsciiDigit((char)line[7]) && line[8] == ' '
            && (line.Length == 12 || line[12] == ' ');
        if (!isHttp1 || !char.IsBetween((char)line[9], '1', '9') || !int.TryParse(line[9..12], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            throw Invalid("no status line of HTTP/1");
        }

        isHttp11 = line[7] != '0';
        return new ResponseHead(status) { Reason = ReasonPhrase.Of(status, line.Length > 13 ? line[13..] : default) };
    }

    private string? ReadFields(ref FieldLines lines, FieldStrings strings)
    {
        string? connection = null;
        for (var i = 0; lines.TryNextField(out var nameBytes, out var valueBytes, out var folded); i++)
        {
            var name = strings.Name(i, nameBytes);
            var value = folded ?? strings.Value(i, valueBytes);
            switch (name.Length)
            {
                case 10 when Is(name, "Connection"):
                    connection = connection is null ? value : $"{connection}, {value}";
                    break;
                case 14 when Is(name, "Content-Length"):
                    SetLength(value);
                    Fields.Set(name, value);
                    break;
                case 17 when Is(name, "Transfer-Encoding"):
                    if (IsChunked) throw Invalid("chunked twice");
                    AnswerFields.ThrowUnlessChunked(value);
                    IsChunked = true;
                    break;
                case 16 when Is(name, "WWW-Authenticate"):
                    AuthenticatesConnection |= ConnectionAuthentication.IsIn(value);
                    Fields.Add(name, value);
                    break;
                case 7 when Is(name, "Upgrade"):
                    Upgrade = value;
                    break;
                default:
                    if (AnswerFields.IsForClient(name)) Fields.Add(name, value);
                    break;
            }
        }

        return connection;
    }

    private void SetLength(string value)
    {
        if (!DeclaredLength.TryParse(value, out var length) || (ContentLength ?? length) != length) throw Invalid("a Content-Length that is not one number");
        ContentLength = length;
    }

    private static bool Has(string? connection, string token)
    {
        if (connection is null) return false;
        foreach (var range in connection.AsSpan().Split(','))
        {
            if (connection.AsSpan(range).Trim().Equals(token, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private static bool Is(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}

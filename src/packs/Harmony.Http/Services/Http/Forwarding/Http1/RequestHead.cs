using System.Buffers;
using System.Globalization;
using System.Text;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;

namespace Harmony.Http.Services.Http.Forwarding.Http1;

/// <summary>Writes the head of a request (RFC 9112 §3, §5), in a framing of our own whatever the client's was.</summary>
internal static class RequestHead
{
    /// <summary>Octets of a value that would end its line, or the string in an origin written in C.</summary>
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\r\n\0");

    private static readonly SearchValues<char> TargetCharacters = SearchValues.Create([.. Enumerable.Range(0x21, 0x7E - 0x20).Select(c => (char)c)]);

    /// <summary>Appends the head, with the empty line that ends it.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="head">What to write.</param>
    /// <param name="method">Its method, as <see cref="MethodOf"/> has it.</param>
    /// <param name="authority">The origin's host and port.</param>
    /// <param name="content">The body that will follow; null for none.</param>
    /// <exception cref="GatewayException">Something in it would read as the end of a line.</exception>
    public static void Write(IBufferWriter<byte> to, OutgoingHead head, string method, string authority, RequestUpload? content)
    {
        if (!HeaderField.IsName(method)) throw new GatewayException(FaultSource.Gateway, FaultKind.Internal, "a method that is not a token");
        if (head.PathAndQuery.AsSpan().ContainsAnyExcept(TargetCharacters))
        {
            throw new GatewayException(
                FaultSource.Gateway, FaultKind.Internal, "the path or query for the target holds a character that must be percent-encoded");
        }

        Text(to, method);
        to.Write(" "u8);
        Text(to, head.PathAndQuery);
        to.Write(" HTTP/1.1\r\n"u8);
        Line(to, "Host", head.Fields["host"] ?? authority);
        WriteFields(to, head.Fields);
        WriteFraming(to, method, content);
        to.Write("\r\n"u8);
    }

    /// <summary>Appends the fields that follow a body in chunks (RFC 9112 §7.1.2), without the empty line that ends them.</summary>
    /// <exception cref="GatewayException">Something in one would read as the end of a line.</exception>
    public static void WriteTrailers(IBufferWriter<byte> to, HeaderFields trailers)
    {
        foreach (ref readonly var field in trailers.AsSpan()) Line(to, field.Name, field.Value);
    }

    /// <summary>The usual spelling of a method that a specification or the configuration may have in small letters.</summary>
    public static string MethodOf(string method) => HttpMethod.Parse(method).Method;

    private static void WriteFields(IBufferWriter<byte> to, HeaderFields fields)
    {
        string? cookies = null;
        foreach (ref readonly var field in fields.AsSpan())
        {
            if (field.Name.Length == 4 && field.Name.Equals("Host", StringComparison.OrdinalIgnoreCase)) continue;
            if (field.Name.Length == 6 && field.Name.Equals("Cookie", StringComparison.OrdinalIgnoreCase))
            {
                cookies = cookies is null ? field.Value : $"{cookies}; {field.Value}"; // one line only, RFC 6265 §5.4
                continue;
            }

            Line(to, field.Name, field.Value);
        }

        if (cookies is not null) Line(to, "Cookie", cookies);
    }

    private static void WriteFraming(IBufferWriter<byte> to, string method, RequestUpload? content)
    {
        if (content is null)
        {
            // A method that means something by its body says that there is none (RFC 9110 §8.6).
            if (method is not ("GET" or "HEAD" or "OPTIONS" or "DELETE" or "TRACE" or "CONNECT")) to.Write("Content-Length: 0\r\n"u8);
        }
        else if (content.Length is { } length)
        {
            to.Write("Content-Length: "u8);
            length.TryFormat(to.GetSpan(20), out var written, default, CultureInfo.InvariantCulture);
            to.Advance(written);
            to.Write("\r\n"u8);
        }
        else
        {
            to.Write("Transfer-Encoding: chunked\r\n"u8);
        }
    }

    private static void Line(IBufferWriter<byte> to, string name, string value)
    {
        if (!HeaderField.IsName(name) || value.AsSpan().ContainsAny(LineEnds))
        {
            throw new GatewayException(FaultSource.Client, FaultKind.Malformed, "a header with a line break");
        }

        var line = to.GetSpan(name.Length + value.Length + 4);
        Encoding.ASCII.GetBytes(name, line);
        line[name.Length] = (byte)':';
        line[name.Length + 1] = (byte)' ';
        Encoding.Latin1.GetBytes(value, line[(name.Length + 2)..]); // values are octets to a gateway
        var end = name.Length + 2 + value.Length;
        line[end] = (byte)'\r';
        line[end + 1] = (byte)'\n';
        to.Advance(end + 2);
    }

    private static void Text(IBufferWriter<byte> to, string text)
    {
        Encoding.ASCII.GetBytes(text, to.GetSpan(text.Length));
        to.Advance(text.Length);
    }
}

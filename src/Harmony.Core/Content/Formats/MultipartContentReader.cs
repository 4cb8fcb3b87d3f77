using System.Text.Json.Nodes;
using System.Text;
using Harmony.Core.Configuration;

namespace Harmony.Core.Content.Formats;

/// <summary>
/// <c>multipart/form-data</c> (RFC 7578) to <c>{fields: {…}, files: [{name, filename, content_type, size, checksum}]}</c>. The bytes of
/// files stay where they are, in the body. A file's name is what the client says: data, never a path.
/// </summary>
/// <param name="limits">How many fields and files.</param>
/// <param name="charset">The charset of fields that name none themselves; null means UTF-8.</param>
internal sealed class MultipartContentReader(ContentLimitsSection limits, string? charset)
{
    private readonly FormFields _fields = new(limits);
    private readonly JsonArray _files = [];

    /// <exception cref="ContentException">The boundary is missing or no boundary, a part is malformed, the end is missing, or there is too much.</exception>
    public JsonObject Read(ReadOnlyMemory<byte> body, string? boundary)
    {
        if (!IsBoundary(boundary)) throw ContentException.Malformed("is not multipart: its content type has no boundary, or one that RFC 2046 does not allow");
        var parts = new MultipartParser(body, boundary!);
        while (parts.ReadPart() is { } part) Add(part);
        return new JsonObject { ["fields"] = _fields.Values, ["files"] = _files };
    }

    private void Add(MultipartPart part)
    {
        if (part.HasRepeatedField) throw ContentException.Malformed("is not multipart: a part has a field twice");
        var disposition = MediaType.Parse(part.Header("content-disposition"));
        if (disposition.Repeated is not null) throw ContentException.Malformed("is not multipart: a part has a parameter of its disposition twice");
        if (disposition.Name != "form-data" || disposition["name"] is not { } name)
            throw ContentException.Malformed("is not multipart: a part does not say 'form-data' and a name");
        var contentType = part.Header("content-type");
        if ((disposition["filename"] ?? ExtendedValue.Decode(disposition["filename*"])) is not { } filename)
        {
            _fields.Add(name, Charsets.Decode(part.Content.Span, MediaType.Parse(contentType).Charset ?? charset));
            return;
        }

        if (_files.Count == limits.MaxMultipartFiles) throw ContentException.TooMany("files", "max_multipart_files", limits.MaxMultipartFiles);
        _files.Add(new JsonObject
        {
            ["name"] = name,
            ["filename"] = filename,
            ["content_type"] = contentType ?? "application/octet-stream",
            ["size"] = part.Content.Length,
            ["checksum"] = BinaryContent.ChecksumOf(part.Content.Span),
        });
    }

    /// <summary>RFC 2046 §5.1.1: 1 to 70 characters of a small set, the last one no space.</summary>
    private static bool IsBoundary(string? boundary)
        => boundary is { Length: > 0 and <= 70 } && boundary[^1] != ' '
            && boundary.All(c => char.IsAsciiLetterOrDigit(c) || "'()+_,-./:=? ".Contains(c, StringComparison.Ordinal));
}

/// <summary>Values such as <c>UTF-8'de'M%C3%BCller.pdf</c> (RFC 8187 §3.2), which RFC 7578 §4.2 forbids in forms and older clients send all the same.</summary>
internal static class ExtendedValue
{
    /// <summary>The text; where the value breaks the form the value itself, so that a file stays a file. Null for null.</summary>
    public static string? Decode(string? value)
    {
        if (value is null) return null;
        var parts = value.Split('\'', 3);
        if (parts.Length < 3 || parts[0].ToLowerInvariant() is not ("utf-8" or "iso-8859-1")) return value;
        try
        {
            return Charsets.Decode(Bytes(parts[2]), parts[0].ToLowerInvariant());
        }
        catch (ContentException)
        {
            return value;
        }
    }

    private static byte[] Bytes(string encoded)
    {
        var bytes = new List<byte>(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '%' && i + 2 < encoded.Length && char.IsAsciiHexDigit(encoded[i + 1]) && char.IsAsciiHexDigit(encoded[i + 2]))
            {
                bytes.Add(Convert.ToByte(encoded.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(encoded, i, 1));
            }
        }

        return [.. bytes];
    }
}

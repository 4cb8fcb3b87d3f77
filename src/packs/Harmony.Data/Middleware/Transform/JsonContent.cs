using Harmony.Core.Envelope;

namespace Harmony.Data.Middleware.Transform;

/// <summary>What fields say of a body, as far as transformations care.</summary>
internal static class JsonContent
{
    private const string Json = "application/json";

    /// <summary>What was true of the body that was replaced and is not of the new one.</summary>
    private static readonly string[] OfTheOldBody = ["content-encoding", "content-length", "content-md5", "content-digest", "digest", "repr-digest"];

    /// <summary>Whether a body is JSON text in UTF-8 as it stands, so that it need not be written anew. Without a content type it is JSON.</summary>
    public static bool IsText(HeaderFields fields)
    {
        if (fields.Contains("content-encoding")) return false;
        if (fields["content-type"] is not { } type) return true;
        return IsJson(type) && (!type.Contains("charset", StringComparison.OrdinalIgnoreCase) || type.Contains("utf-8", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether bytes of JSON are UTF-8, as a byte order mark or the first two characters tell (RFC 4627 §3).</summary>
    public static bool IsUtf8(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> text)
    {
        text = bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        return text is [] or [> 0 and < 0x80] or [> 0 and < 0x80, not 0, ..];
    }

    /// <summary>Whether a content type is <c>application/json</c> or one of its many kinds (RFC 6839 §3.1).</summary>
    public static bool IsJson(string contentType)
    {
        var type = contentType.AsSpan();
        var end = type.IndexOf(';');
        type = (end < 0 ? type : type[..end]).Trim();
        return type.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Removes what fields say of the old body.</summary>
    public static void Forget(HeaderFields fields)
    {
        foreach (var name in OfTheOldBody) fields.Remove(name);
    }

    /// <summary>Makes fields true of a body that was replaced by JSON.</summary>
    public static void Describe(HeaderFields fields)
    {
        Forget(fields);
        if (fields["content-type"] is not { } type || !IsText(fields) || !IsJson(type)) fields.Set("content-type", Json);
    }
}

using System.Text.Json;
using Harmony.Core.Content;
using Harmony.Core.Envelope;

namespace Harmony.Data.Middleware.Transform;

/// <summary>What a spec in envelope form made, taken apart: <c>data</c> if there is one, else the whole, is the body; <c>context</c> holds changes.</summary>
internal readonly ref struct TransformOutput
{
    /// <summary>How deep an output may nest: as deep as the engine allows, and the envelope.</summary>
    public const int MaxDepth = 1_001;

    private TransformOutput(ReadOnlySpan<byte> body, ReadOnlySpan<byte> context, bool hasBody)
    {
        Body = body;
        Context = context;
        HasBody = hasBody;
    }

    /// <summary>The JSON text of the new body.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>The JSON text of <c>context</c>; empty when there is none.</summary>
    public ReadOnlySpan<byte> Context { get; }

    /// <summary>Whether there is a new body: an output of nothing but <c>context</c> changes only that.</summary>
    public bool HasBody { get; }

    /// <summary>An output that is the body and nothing else.</summary>
    public static TransformOutput Whole(ReadOnlySpan<byte> json) => new(json, default, hasBody: true);

    /// <summary>Takes an output apart.</summary>
    /// <param name="json">JSON text that the engine wrote.</param>
    public static TransformOutput Of(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return Whole(json);

        ReadOnlySpan<byte> data = default, context = default;
        var count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            count++;
            var isData = reader.ValueTextEquals("data"u8);
            var isContext = reader.ValueTextEquals("context"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isData) data = json[start..(int)reader.BytesConsumed];
            if (isContext) context = json[start..(int)reader.BytesConsumed];
        }

        if (!data.IsEmpty) return new TransformOutput(data, context, hasBody: true);
        return new TransformOutput(json, context, hasBody: context.IsEmpty || count > 1);
    }
}

/// <summary>What fields say of a body, as far as transformations care.</summary>
internal static class JsonFields
{
    private const string Json = "application/json";

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

    /// <summary>Makes fields true of a body that was replaced by JSON.</summary>
    public static void Describe(HeaderFields fields)
    {
        ReplacedBody.Forget(fields);
        DescribeType(fields);
    }

    /// <summary>Makes the content type true of JSON in UTF-8: it stays the kind of JSON that it is, with no other charset.</summary>
    public static void DescribeType(HeaderFields fields)
    {
        var type = fields["content-type"];
        if (type is null || !IsJson(type)) fields.Set("content-type", Json);
        else if (!IsText(fields)) fields.Set("content-type", WithoutCharset(type));
    }

    private static string WithoutCharset(string type)
    {
        var kept = new List<string>();
        var (start, isQuoted) = (0, false);
        for (var i = 0; i <= type.Length; i++)
        {
            if (i < type.Length && type[i] == '"') isQuoted = !isQuoted;
            if (i < type.Length && (type[i] != ';' || isQuoted)) continue;
            var part = type[start..i].Trim();
            if (!part.StartsWith("charset", StringComparison.OrdinalIgnoreCase)) kept.Add(part);
            start = i + 1;
        }

        return string.Join("; ", kept.Where(part => part.Length > 0));
    }
}

/// <summary>What a spec made cannot be used: a method that is none, a header with a line break. The message repeats no value of the document.</summary>
internal sealed class TransformException(string message) : Exception(message);

using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harmony.Core.Content.Formats;

/// <summary>What is not parsed: facts about it, and for answers the bytes in base64, which a spec may put somewhere else.</summary>
internal static class BinaryContent
{
    private const string Bytes = "body_b64";

    /// <summary>SHA-256, 64 hexadecimal digits in lower case.</summary>
    public static string ChecksumOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary><c>{format: "binary", content_type, size, checksum}</c>, and with bytes also <c>{content_length, body_b64}</c>.</summary>
    public static JsonObject Describe(ReadOnlySpan<byte> bytes, string contentType, string? checksum, bool withBytes)
    {
        var description = new JsonObject
        {
            ["format"] = "binary",
            ["content_type"] = contentType,
            ["size"] = bytes.Length,
            ["checksum"] = checksum,
        };
        if (!withBytes) return description;
        description["content_length"] = bytes.Length;
        description[Bytes] = Convert.ToBase64String(bytes);
        return description;
    }

    /// <summary>Whether the data stand for bytes: they have a member <c>body_b64</c>.</summary>
    public static bool IsDescribed(JsonNode? data) => data is JsonObject described && described.ContainsKey(Bytes);

    /// <summary>The bytes that data with a <c>body_b64</c> stand for, and their content type if they name one.</summary>
    /// <exception cref="ContentException">The member is no string in base64.</exception>
    public static (byte[] Bytes, string? ContentType) Undescribe(JsonNode data)
    {
        try
        {
            return (Convert.FromBase64String(TextOf(data[Bytes]) ?? throw new FormatException()), TextOf(data["content_type"]));
        }
        catch (FormatException e)
        {
            throw ContentException.Malformed("cannot be written: its 'body_b64' is no base64", e);
        }
    }

    private static string? TextOf(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}

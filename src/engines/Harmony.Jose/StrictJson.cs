using System.Text.Json;
using System.Text.Unicode;

namespace Harmony.Jose;

/// <summary>Parses JSON objects by the rules of JOSE: UTF-8, no member twice, no comments (RFC 7515 §4, RFC 7519 §4).</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Parses an object.</summary>
    /// <returns>False if the bytes are no such object.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, out JsonElement root)
    {
        root = default;
        if (!Utf8.IsValid(utf8.Span)) return false;
        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return false;
            root = document.RootElement.Clone();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Reads a member that is a string or absent.</summary>
    /// <returns>False if the member has another type, or its text holds a lone surrogate.</returns>
    public static bool TryText(JsonElement root, string name, out string? value)
    {
        value = null;
        if (!root.TryGetProperty(name, out var member)) return true;
        return TryText(member, out value);
    }

    /// <summary>The text of a string.</summary>
    public static bool TryText(JsonElement element, out string? value)
    {
        value = null;
        if (element.ValueKind != JsonValueKind.String) return false;
        try
        {
            value = element.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}

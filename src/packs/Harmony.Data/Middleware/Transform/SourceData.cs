using System.Text.Json.Nodes;

namespace Harmony.Data.Middleware.Transform;

/// <summary>What is to be transformed: JSON text as it was received, which nobody had to parse yet, or data that a step before has read or made.</summary>
/// <param name="Text">JSON in UTF-8, unchecked; empty when there are only data.</param>
/// <param name="Data">The data; null when there is text.</param>
internal readonly record struct SourceData(ReadOnlyMemory<byte> Text, JsonNode? Data)
{
    /// <summary>Whether it is text that the engine is the first to parse.</summary>
    public bool IsText => !Text.IsEmpty;

    /// <summary>Whether there is nothing: no body, or JSON's <c>null</c>.</summary>
    public bool IsNull => IsText ? Text.Span.Trim(" \t\r\n"u8).SequenceEqual("null"u8) : Data is null;
}

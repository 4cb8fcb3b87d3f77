namespace Harmony.Core.Pipeline;

/// <summary>What a refused client is told beyond the status.</summary>
/// <param name="ContentType">Media type.</param>
/// <param name="Bytes">The content; holds no secret and nothing of anybody but the client.</param>
public sealed record RefusalContent(string ContentType, ReadOnlyMemory<byte> Bytes);

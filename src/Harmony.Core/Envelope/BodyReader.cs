namespace Harmony.Core.Envelope;

/// <summary>Reads a stream into memory. What a sender declares is believed only as far as it costs nothing to be wrong.</summary>
internal static class BodyReader
{
    private const int FirstBuffer = 4 * 1024;
    private const int MostOnTrust = 64 * 1024;

    /// <summary>Reads to the end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="declared">The length the sender declared, or null.</param>
    /// <param name="limit">Most bytes that may be held.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The bytes; null when there are more than the limit.</returns>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(Stream stream, long? declared, long limit, CancellationToken ct)
    {
        limit = Math.Min(limit, Array.MaxLength - 1);
        // One byte more than there should be, so that the end is seen without growing.
        var buffer = new byte[declared is { } length ? Math.Clamp(length + 1, 1, MostOnTrust) : FirstBuffer];
        var count = 0;
        while (true)
        {
            if (count == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, limit + 1));
            var read = await stream.ReadAsync(buffer.AsMemory(count), ct);
            if (read == 0) return buffer.AsMemory(0, count);
            count += read;
            if (count > limit) return null;
        }
    }
}
